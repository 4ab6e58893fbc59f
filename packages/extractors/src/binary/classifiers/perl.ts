import { defineClassifier } from './classifier.ts'

export const perl = defineClassifier({
  id: 'perl',
  label: 'Perl',
  name: 'perl',
  revision: 1,
  paths: ['**/perl', '**/perl5*', '**/libperl.so*'],
  patterns: [{ anchor: '\x00v5.', pattern: /^\0v(?<version>5\.\d+\.\d+)\0/ }],
  specimens: [
    {
      from: 'perl-base 5.36.0-7+deb12u4 of Debian 12',
      path: 'usr/bin/perl',
      bytes: '\x00v5.36.0\x00panic: ',
      version: '5.36.0',
    },
  ],
  nearMisses: [{ path: 'usr/bin/perl', bytes: '?v5.36\x00below v5.11 is deprecated\x00' }],
})
