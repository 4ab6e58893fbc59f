import { defineClassifier } from './classifier.ts'

export const bun = defineClassifier({
  id: 'bun',
  label: 'Bun',
  name: 'bun',
  revision: 1,
  paths: ['**/bun'],
  patterns: [{ anchor: 'Bun v', pattern: /^Bun v(?<version>\d+\.\d+\.\d+) \(/ }],
  specimens: [
    {
      from: '@oven/bun-linux-x64 1.4.5 of the npm registry',
      path: 'usr/local/bin/bun',
      bytes: '\x16\x00\x00\x00\x00\x00\x00\x00Bun v1.4.5 (Linux x64)',
      version: '1.4.5',
    },
  ],
  nearMisses: [{ path: 'usr/local/bin/bun', bytes: 'Bun v1.4 Canary (Linux x64)' }],
})
