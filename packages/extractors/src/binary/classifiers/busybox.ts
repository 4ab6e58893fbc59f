import { defineClassifier } from './classifier.ts'

export const busybox = defineClassifier({
  id: 'busybox',
  label: 'BusyBox',
  name: 'busybox',
  revision: 1,
  paths: ['**/busybox'],
  patterns: [{ anchor: 'BusyBox v', pattern: /^BusyBox v(?<version>\d+\.\d+\.\d+) \(/ }],
  specimens: [
    {
      from: 'busybox 1:1.35.0-4+deb12u1+b1 of Debian 12',
      path: 'bin/busybox',
      bytes: '\x00BusyBox v1.35.0 (Debian 1:1.35.0-4+deb12u1+b1)\x00',
      version: '1.35.0',
    },
  ],
  nearMisses: [{ path: 'bin/busybox', bytes: 'BusyBox is a multi-call binary\x00BusyBox version: 1.35\x00' }],
})
