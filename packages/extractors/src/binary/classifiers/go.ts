import { defineClassifier } from './classifier.ts'

export const go = defineClassifier({
  id: 'go',
  label: 'Go',
  name: 'go',
  revision: 1,
  paths: ['**/go/VERSION', '**/go-*/VERSION'],
  text: true,
  patterns: [{ anchor: '', pattern: /^go(?<version>1\.\d+(?:\.\d+)?(?:(?:rc|beta)\d+)?)(?:\n|$)/ }],
  specimens: [
    {
      from: 'golang-1.19-go 1.19.8-2 of Debian 12',
      path: 'usr/lib/go-1.19/VERSION',
      bytes: 'go1.19.8',
      version: '1.19.8',
    },
  ],
  nearMisses: [
    { path: 'usr/local/go/VERSION', bytes: 'devel go1.23-0b6fd2b\n' },
    { path: 'srv/go/VERSION', bytes: 'version of go1.19.8\n' },
  ],
})
