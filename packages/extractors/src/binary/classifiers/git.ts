import { defineClassifier } from './classifier.ts'

export const git = defineClassifier({
  id: 'git',
  label: 'Git',
  name: 'git',
  revision: 1,
  paths: ['**/git'],
  patterns: [
    {
      anchor: '\x00GIT_USER_AGENT\x00',
      before: 40,
      pattern: /\0?git\/(?<version>\d+\.\d+\.\d+)\0GIT_USER_AGENT/,
    },
  ],
  specimens: [
    {
      from: 'git 1:2.39.5-0+deb12u3 of Debian 12',
      path: 'usr/bin/git',
      bytes: 'git/2.39.5\x00GIT_USER_AGENT\x00',
      version: '2.39.5',
    },
  ],
  nearMisses: [{ path: 'usr/bin/git', bytes: '\x00GIT_USER_AGENT\x00git/2.39.5\x00' }],
})
