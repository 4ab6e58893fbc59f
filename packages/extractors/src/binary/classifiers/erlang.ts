import { defineClassifier } from './classifier.ts'

/** The marks that a patched installation appends to its version (two asterisks) make it no release. */
export const erlang = defineClassifier({
  id: 'erlang',
  label: 'Erlang/OTP',
  name: 'erlang',
  revision: 1,
  paths: ['**/erlang/releases/*/OTP_VERSION'],
  text: true,
  patterns: [{ anchor: '', pattern: /^(?<version>\d+(?:\.\d+){1,4})\n?$/ }],
  specimens: [
    {
      from: 'erlang-base 1:25.2.3+dfsg-1+deb12u4 of Debian 12',
      path: 'usr/lib/erlang/releases/25/OTP_VERSION',
      bytes: '25.2.3\n',
      version: '25.2.3',
    },
  ],
  nearMisses: [{ path: 'usr/lib/erlang/releases/25/OTP_VERSION', bytes: '25.2.3**\n' }],
})
