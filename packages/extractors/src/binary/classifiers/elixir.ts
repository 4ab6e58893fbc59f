import { defineClassifier } from './classifier.ts'

export const elixir = defineClassifier({
  id: 'elixir',
  label: 'Elixir',
  name: 'elixir',
  revision: 1,
  paths: ['**/elixir/ebin/elixir.app'],
  text: true,
  patterns: [{ anchor: '', pattern: /\{vsn, ?"(?<version>\d+\.\d+\.\d+(?:-rc\.\d+)?)"\}/ }],
  specimens: [
    {
      from: 'elixir 1.14.0.dfsg-2 of Debian 12',
      path: 'usr/lib/elixir/lib/elixir/ebin/elixir.app',
      bytes: '{application,elixir,\n    [{description,"elixir"},\n     {vsn,"1.14.0"}',
      version: '1.14.0',
    },
  ],
  nearMisses: [
    { path: 'usr/lib/elixir/lib/elixir/ebin/elixir.app', bytes: '{application,elixir,[{vsn,"1.14.0-dev"}]}' },
  ],
})
