import { defineClassifier } from './classifier.ts'

export const varnish = defineClassifier({
  id: 'varnish',
  label: 'Varnish',
  name: 'varnish',
  revision: 1,
  paths: ['**/varnishd'],
  patterns: [{ anchor: 'varnish-', pattern: /^varnish-(?<version>\d+\.\d+\.\d+) revision / }],
  specimens: [
    {
      from: 'varnish 7.1.1-2+deb12u1 of Debian 12',
      path: 'usr/sbin/varnishd',
      bytes: '\x00varnish-7.1.1 revision 7cee1c581bead20e',
      version: '7.1.1',
    },
  ],
  nearMisses: [{ path: 'usr/sbin/varnishd', bytes: 'varnish-trunk revision 7cee1c\x00' }],
})
