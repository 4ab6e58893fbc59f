import { defineClassifier } from './classifier.ts'

export const rust = defineClassifier({
  id: 'rust',
  label: 'Rust',
  name: 'rust',
  revision: 1,
  paths: ['**/librustc_driver-*.so'],
  patterns: [{ anchor: 'rustc version ', pattern: /^rustc version (?<version>1\.\d+\.\d+)(?![\d.])/ }],
  specimens: [
    {
      from: 'libstd-rust-1.63 1.63.0+dfsg1-2 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/librustc_driver-4c3beb7552356b6f.so',
      bytes: '@rustc version 1.63.0clang L',
      version: '1.63.0',
    },
  ],
  nearMisses: [{ path: 'usr/lib/librustc_driver-1.so', bytes: 'rustc version %s' }],
})
