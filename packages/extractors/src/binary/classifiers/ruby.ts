import { defineClassifier } from './classifier.ts'

export const ruby = defineClassifier({
  id: 'ruby',
  label: 'Ruby',
  name: 'ruby',
  revision: 1,
  paths: ['**/ruby', '**/ruby2*', '**/ruby3*', '**/libruby*.so*'],
  patterns: [
    {
      anchor: '\x00ruby ',
      pattern: /^\0ruby (?<version>\d+\.\d+\.\d+)(?:p\d+|(?:preview|rc|dev)\d*)? \(\d{4}-\d\d-\d\d /,
    },
  ],
  specimens: [
    {
      from: 'libruby3.1 3.1.2-7+deb12u1 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/libruby-3.1.so.3.1.2',
      bytes: '\x00ruby 3.1.2p20 (2022-04-12 revision 4491bb740a)',
      version: '3.1.2',
    },
  ],
  nearMisses: [{ path: 'usr/local/bin/ruby', bytes: '\x00ruby 3.1.2 is required\x00' }],
})
