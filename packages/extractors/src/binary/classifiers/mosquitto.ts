import { defineClassifier } from './classifier.ts'

export const mosquitto = defineClassifier({
  id: 'mosquitto',
  label: 'Mosquitto',
  name: 'mosquitto',
  revision: 1,
  paths: ['**/mosquitto'],
  patterns: [
    {
      anchor: '\x00mosquitto version %s',
      before: 24,
      pattern: /\0(?<version>\d+\.\d+\.\d+)\0mosquitto version %s/,
    },
  ],
  specimens: [
    {
      from: 'mosquitto 2.0.11-1.2+deb12u2 of Debian 12',
      path: 'usr/sbin/mosquitto',
      bytes: '\x002.0.11\x00mosquitto version %s\n',
      version: '2.0.11',
    },
  ],
  nearMisses: [{ path: 'usr/sbin/mosquitto', bytes: '\x00mosquitto version %s\x002.0.11\x00' }],
})
