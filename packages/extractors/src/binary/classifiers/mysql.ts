import { defineClassifier } from './classifier.ts'

/** By the folder it was built in, which its messages name. MariaDB installs a program of the same name, and says otherwise. */
export const mysql = defineClassifier({
  id: 'mysql',
  label: 'MySQL',
  name: 'mysql',
  revision: 1,
  paths: ['**/mysqld'],
  patterns: [
    {
      anchor: '/mysql-',
      pattern:
        /^\/mysql-(?<version>[589]\.\d+\.\d+)(?:-[a-z0-9.-]{1,40})?\/(?:sql|storage|mysys|strings|vio)\//,
    },
  ],
  untried: true,
  specimens: [],
  nearMisses: [{ path: 'usr/sbin/mysqld', bytes: '/usr/src/mysql-connector-8.0.36/sql/' }],
})
