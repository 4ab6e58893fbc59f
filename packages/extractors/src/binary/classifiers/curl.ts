import { defineClassifier } from './classifier.ts'

export const curl = defineClassifier({
  id: 'curl',
  label: 'curl',
  name: 'curl',
  revision: 1,
  paths: ['**/curl', '**/libcurl.so*', '**/libcurl-gnutls.so*'],
  patterns: [
    { anchor: '\x00libcurl/', pattern: /^\0libcurl\/(?<version>\d+\.\d+\.\d+)(?:-DEV)?\0/ },
    { anchor: '\x00curl/', pattern: /^\0curl\/(?<version>\d+\.\d+\.\d+)(?:-DEV)?\0/ },
  ],
  specimens: [
    {
      from: 'curl 7.88.1-10+deb12u15 of Debian 12',
      path: 'usr/bin/curl',
      bytes: '\x00curl/7.88.1\x00',
      version: '7.88.1',
    },
    {
      from: 'libcurl4 7.88.1-10+deb12u15 of Debian 12',
      path: 'usr/lib/x86_64-linux-gnu/libcurl.so.4.8.0',
      bytes: '\x00libcurl/7.88.1\x00zlib/%s',
      version: '7.88.1',
    },
  ],
  nearMisses: [
    { path: 'usr/bin/curl', bytes: '\x00libcurl/%s\x00' },
    { path: 'usr/lib/libcurl.so.4', bytes: '\x00Debian curl/7.88.1\x00' },
  ],
})
