import { defineClassifier } from './classifier.ts'

export const nginx = defineClassifier({
  id: 'nginx',
  label: 'nginx',
  name: 'nginx',
  revision: 1,
  paths: ['**/nginx'],
  patterns: [
    { anchor: 'nginx version: nginx/', pattern: /^nginx version: nginx\/(?<version>\d+\.\d+\.\d+)[\0\n ]/ },
  ],
  specimens: [
    {
      from: 'nginx 1.22.1-9+deb12u11 of Debian 12',
      path: 'usr/sbin/nginx',
      bytes: '\x00nginx version: nginx/1.22.1\n\x00',
      version: '1.22.1',
    },
  ],
  nearMisses: [
    { path: 'usr/sbin/nginx', bytes: '\x00nginx version: openresty/1.21.4.1\x00nginx/1.21.4\x00' },
  ],
})
