import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findAuth, findHelper, parseAuthFile } from './auth-file.ts'
import type { Credential } from './credential.ts'
import { CredentialFault } from './credential-fault.ts'

const login = (user: string, password: string) => ({
  auth: Buffer.from(`${user}:${password}`).toString('base64'),
})

/** As `kind user secret`. */
function told(credential: Credential | undefined): string {
  if (!credential) return 'nothing'
  if (credential.kind === 'anonymous') return 'anonymous'
  if (credential.kind === 'basic') return `basic ${credential.username} ${credential.password.reveal()}`
  return `${credential.kind} ${credential.token.reveal()}`
}

const file = parseAuthFile(
  JSON.stringify({
    auths: {
      'https://index.docker.io/v1/': login('hub', 'p:with:colons'),
      'ghcr.io': { username: 'cat', password: 'plain' },
      'ghcr.io/team': login('team', 't'),
      'ghcr.io/team/app': login('app', 'a'),
      'https://old.example/v1/': login('old', 'o'),
      'https://new.example': login('new', 'n'),
      'v2.example/v2/': login('v2', '2'),
      'azurecr.io': { ...login('00000000-0000-0000-0000-000000000000', ''), identitytoken: 'refresh' },
      'token.example': { registrytoken: 'abc' },
      'empty.example': {},
      'nul.example': login('nul', 'x\0\0'),
      'localhost:5000': login('local', 'l'),
    },
    credHelpers: { 'gcr.io': 'gcloud', 'off.example': '' },
    credsStore: 'desktop',
    HttpHeaders: { 'User-Agent': 'x' },
  }),
  '/x/config.json',
)

// Docker's and podman's documentation of the two formats.
const lookups: readonly (readonly [string, string | undefined, string])[] = [
  ['docker.io', 'library/debian', 'basic hub p:with:colons'],
  ['ghcr.io', undefined, 'basic cat plain'],
  ['ghcr.io', 'other/app', 'basic cat plain'],
  ['ghcr.io', 'team', 'basic team t'],
  ['ghcr.io', 'team/other', 'basic team t'],
  ['ghcr.io', 'teammate/x', 'basic cat plain'],
  ['ghcr.io', 'team/app', 'basic app a'],
  ['ghcr.io', 'team/app/sub', 'basic app a'],
  ['old.example', 'a', 'basic old o'],
  ['new.example', 'a', 'basic new n'],
  ['v2.example', 'a', 'basic v2 2'],
  ['azurecr.io', 'a', 'identity-token refresh'],
  ['token.example', 'a', 'bearer abc'],
  ['empty.example', 'a', 'nothing'],
  ['nul.example', 'a', 'basic nul x'],
  ['localhost:5000', 'a', 'basic local l'],
  ['localhost', 'a', 'nothing'],
  ['evil.example', 'ghcr.io/team', 'nothing'],
  ['constructor', undefined, 'nothing'],
]

for (const [registry, repository, expected] of lookups) {
  test(`the credential for ${registry}/${repository ?? ''} is ${expected.split(' ')[1] ?? expected}`, () => {
    assert.equal(told(findAuth(file, registry, repository)), expected)
  })
}

test('a helper is found by its registry', () => {
  assert.deepEqual(findHelper(file, 'gcr.io', 'a/b'), { key: 'gcr.io', value: 'gcloud' })
  assert.deepEqual(findHelper(file, 'off.example'), { key: 'off.example', value: '' })
  assert.equal(findHelper(file, 'ghcr.io'), undefined)
  assert.equal(file.credsStore, 'desktop')
})

test('a key __proto__ is a key like any other', () => {
  const odd = parseAuthFile('{"auths":{"__proto__":{"username":"u","password":"p"}}}', '/x')
  assert.equal(told(findAuth(odd, 'ghcr.io')), 'nothing')
  assert.equal(odd.auths.size, 1)
})

const broken: readonly (readonly [string, RegExp])[] = [
  ['{"auths": {"ghcr.io": {"auth": "hunter2', /\/x\/config\.json is not JSON/],
  ['[]', /not a JSON object/],
  ['null', /not a JSON object/],
  ['{"auths": 7}', /auths in \/x\/config\.json is not a JSON object/],
  ['{"auths": {"ghcr.io": "hunter2"}}', /entry "ghcr\.io" is not a JSON object/],
  ['{"auths": {"ghcr.io": {"auth": 7}}}', /auth is not a text/],
  ['{"auths": {"ghcr.io": {"auth": "aHVudGVyMg=="}}}', /auth is not base64 of username:password/],
  ['{"credHelpers": {"ghcr.io": 7}}', /credHelpers must name programs/],
  ['{"credsStore": ["x"]}', /credsStore must name a program/],
]

for (const [text, message] of broken) {
  test(`a broken file is told without its content: ${message.source}`, () => {
    assert.throws(
      () => parseAuthFile(text, '/x/config.json'),
      (error) => {
        assert.ok(error instanceof CredentialFault)
        assert.match(error.message, message)
        assert.equal(error.code, 'malformed')
        assert.equal(error.cause, undefined)
        assert.doesNotMatch(error.message, /hunter2|aHVudGVyMg/)
        return true
      },
    )
  })
}
