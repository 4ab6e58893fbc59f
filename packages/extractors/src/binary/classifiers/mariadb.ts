import { defineClassifier } from './classifier.ts'

export const mariadb = defineClassifier({
  id: 'mariadb',
  label: 'MariaDB',
  name: 'mariadb',
  revision: 1,
  paths: ['**/mariadbd', '**/mysqld', '**/mariadb', '**/mysql'],
  patterns: [{ anchor: '-MariaDB', before: 16, pattern: /\0(?<version>\d+\.\d+\.\d+)-MariaDB[-\0]/ }],
  specimens: [
    {
      from: 'mariadb-server-core 1:10.11.19-0+deb12u1 of Debian 12',
      path: 'usr/sbin/mariadbd',
      bytes: '\x0010.11.19-MariaDB\x00x86_64\x00',
      version: '10.11.19',
    },
    {
      from: 'mariadb-client-core 1:10.11.19-0+deb12u1 of Debian 12',
      path: 'usr/bin/mariadb',
      bytes: 'debian-linux-gnu\x0010.11.19-MariaDB\x00',
      version: '10.11.19',
    },
  ],
  nearMisses: [
    { path: 'usr/sbin/mariadbd', bytes: '\x005.5.5-10.11.19-MariaDB\x00' },
    { path: 'usr/sbin/mysqld', bytes: '\x00%s-MariaDB\x00' },
  ],
})
