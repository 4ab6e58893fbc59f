import { defineClassifier } from './classifier.ts'

export const exim = defineClassifier({
  id: 'exim',
  label: 'Exim',
  name: 'exim',
  revision: 1,
  paths: ['**/exim', '**/exim4', '**/exim-*'],
  patterns: [
    {
      anchor: '\x00<<eximversion>>',
      before: 24,
      pattern: /\0(?<version>4\.\d+(?:\.\d+){0,2})\0<<eximversion>>/,
    },
  ],
  specimens: [
    {
      from: 'exim4-daemon-light 4.96-15+deb12u10 of Debian 12',
      path: 'usr/sbin/exim4',
      bytes: '<<eximcnumber>>\x004.96\x00<<eximversion>>\x00',
      version: '4.96',
    },
  ],
  nearMisses: [{ path: 'usr/sbin/exim4', bytes: '\x00version_init\x00<<eximversion>>\x004.96\x00' }],
})
