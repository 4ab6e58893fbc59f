import { defineClassifier } from './classifier.ts'

export const apacheHttpd = defineClassifier({
  id: 'apache-httpd',
  label: 'Apache HTTP Server',
  name: 'httpd',
  revision: 1,
  paths: ['**/httpd', '**/apache2'],
  patterns: [{ anchor: '\x00Apache/', pattern: /^\0Apache\/(?<version>2\.\d+\.\d+)[ \0]/ }],
  specimens: [
    {
      from: 'apache2-bin 2.4.71-1~deb12u1 of Debian 12',
      path: 'usr/sbin/apache2',
      bytes: '\x00Apache/2.4.71 (Debian)\x00',
      version: '2.4.71',
    },
  ],
  nearMisses: [
    { path: 'usr/sbin/httpd', bytes: '\x00Apache/2.4\x00Apache/2\x00' },
    { path: 'bin/httpd', bytes: 'busybox httpd/1.35.0\x00' },
  ],
})
