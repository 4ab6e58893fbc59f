import { defineClassifier } from './classifier.ts'

export const php = defineClassifier({
  id: 'php',
  label: 'PHP',
  name: 'php',
  revision: 1,
  paths: ['**/php', '**/php5*', '**/php7*', '**/php8*', '**/php-cgi*', '**/php-fpm*', '**/libphp*.so'],
  patterns: [
    {
      anchor: 'X-Powered-By: PHP/',
      pattern: /^X-Powered-By: PHP\/(?<version>\d+\.\d+\.\d+(?:(?:alpha|beta|RC)\d+)?)[-\0]/,
    },
  ],
  specimens: [
    {
      from: 'php8.2-cli 8.2.36-1~deb12u1 of Debian 12',
      path: 'usr/bin/php8.2',
      bytes: '\x00X-Powered-By: PHP/8.2.36\x00',
      version: '8.2.36',
    },
    {
      from: '@libphp/almalinux-9-v85 0.0.3 of the npm registry',
      path: 'usr/local/sbin/php-fpm',
      bytes: '\x00X-Powered-By: PHP/8.5.2\x00',
      version: '8.5.2',
    },
  ],
  nearMisses: [{ path: 'usr/local/bin/php', bytes: 'X-Powered-By: PHP/8\x00' }],
})
