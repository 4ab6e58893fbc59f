import { defineClassifier } from './classifier.ts'

export const deno = defineClassifier({
  id: 'deno',
  label: 'Deno',
  name: 'deno',
  revision: 1,
  paths: ['**/deno'],
  patterns: [{ anchor: 'Deno/', pattern: /^Deno\/(?<version>\d+\.\d+\.\d+)\+[0-9a-f]{7}/ }],
  specimens: [
    {
      from: '@deno/linux-x64-glibc 2.9.6 of the npm registry',
      path: 'usr/local/bin/deno',
      bytes: 'denover2.9.62.9.6+e518fbdDeno/2.9.6Deno/2.9.6+e518fbd',
      version: '2.9.6',
    },
  ],
  nearMisses: [{ path: 'usr/local/bin/deno', bytes: 'Mozilla/5.0 Deno/2.9.6 (like others)' }],
})
