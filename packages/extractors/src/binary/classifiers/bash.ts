import { defineClassifier } from './classifier.ts'

export const bash = defineClassifier({
  id: 'bash',
  label: 'Bash',
  name: 'bash',
  revision: 1,
  paths: ['**/bash'],
  patterns: [{ anchor: '@(#)Bash version ', pattern: /^@\(#\)Bash version (?<version>\d+\.\d+\.\d+)\(/ }],
  specimens: [
    {
      from: 'bash 5.2.15-2+b13 of Debian 12',
      path: 'bin/bash',
      bytes: '@(#)Bash version 5.2.15(1) release GNU\x00',
      version: '5.2.15',
    },
  ],
  nearMisses: [{ path: 'bin/bash', bytes: '@(#)Bash version 5.2 release\x00' }],
})
