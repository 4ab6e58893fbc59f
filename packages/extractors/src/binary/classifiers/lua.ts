import { defineClassifier } from './classifier.ts'

export const lua = defineClassifier({
  id: 'lua',
  label: 'Lua',
  name: 'lua',
  revision: 1,
  paths: ['**/lua', '**/lua5*', '**/liblua*.so*'],
  patterns: [{ anchor: '$LuaVersion: Lua ', pattern: /^\$LuaVersion: Lua (?<version>\d+\.\d+\.\d+) / }],
  specimens: [
    {
      from: 'lua5.4 5.4.4-3+deb12u1 of Debian 12',
      path: 'usr/bin/lua5.4',
      bytes: '$LuaVersion: Lua 5.4.4  Copyright (C)',
      version: '5.4.4',
    },
  ],
  nearMisses: [{ path: 'usr/bin/lua5.4', bytes: '$LuaVersion: Lua 5.4 $LuaAuthors' }],
})
