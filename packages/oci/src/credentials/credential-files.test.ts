import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Credential } from './credential.ts'
import { CredentialFault } from './credential-fault.ts'
import { credentialFilePaths, credentialsFromFiles } from './credential-files.ts'
import { askCredentialHelper } from './credential-helper.ts'

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lanner-credentials-'))
  try {
    await run(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** A helper program made of shell lines; `$server` holds what it was asked for. */
async function writeHelper(folder: string, name: string, lines: string): Promise<void> {
  const path = join(folder, `docker-credential-${name}`)
  await writeFile(path, `#!/bin/sh\nserver=$(cat)\n${lines}\n`)
  await chmod(path, 0o755)
}

const environmentOf = (folder: string) => ({ PATH: `${folder}:/usr/bin:/bin` })

function told(credential: Credential | undefined): string {
  if (credential?.kind === 'basic') return `basic ${credential.username} ${credential.password.reveal()}`
  return credential?.kind === 'identity-token' ? `identity-token ${credential.token.reveal()}` : 'nothing'
}

// The protocol of docker-credential-helpers: the server by standard input, JSON or a sentence by standard output.
const answers: readonly (readonly [string, string, string | RegExp])[] = [
  ['a login', `printf '{"ServerURL":"%s","Username":"u-%s","Secret":"s"}' "$server" "$1"`, 'basic u-get s'],
  ['an identity token', `printf '{"Username":"<token>","Secret":"refresh"}'`, 'identity-token refresh'],
  ['nothing', `echo 'credentials not found in native keychain'; exit 1`, 'nothing'],
  ['an empty login', `printf '{"Username":"","Secret":""}'`, 'nothing'],
  [
    'a failure',
    `echo 'the keychain is locked'; exit 2`,
    /get failed for ghcr\.io with status 2: the keychain is locked/,
  ],
  ['a failure that shows a secret', `printf '{"Secret":"hunter2"}'; exit 1`, /with status 1$/],
  ['a failure in colours', `printf '\\033[31mred'; exit 1`, /status 1: \?\[31mred$/],
  ['something else', 'echo hunter2', /something that is not JSON/],
  ['too little', `echo '{"Username":"u"}'`, /without Username and Secret/],
  ['too much', 'head -c 1000000 /dev/zero', /printed more than 65536 bytes/],
  ['null', 'echo null', /without Username and Secret/],
]

for (const [name, lines, expected] of answers) {
  test(`a credential helper answers with ${name}`, async () => {
    await withFolder(async (folder) => {
      await writeHelper(folder, 'test', lines)
      const attempt = askCredentialHelper('test', 'ghcr.io', { environment: environmentOf(folder) })
      if (typeof expected === 'string') return assert.equal(told(await attempt), expected)
      await assert.rejects(attempt, (error) => {
        assert.ok(error instanceof CredentialFault, String(error))
        assert.match(error.message, expected)
        assert.doesNotMatch(error.message, /hunter2/)
        return true
      })
    })
  })
}

test('a credential helper that does not answer is given up', async () => {
  await withFolder(async (folder) => {
    await writeHelper(folder, 'test', 'exec tail -f /dev/null')
    const attempt = askCredentialHelper('test', 'ghcr.io', {
      environment: environmentOf(folder),
      timeout: 50,
    })
    await assert.rejects(attempt, /docker-credential-test get did not answer within 50 ms/)
  })
})

test('a credential helper is given up even if what it started lives on', async () => {
  await withFolder(async (folder) => {
    const pipe = join(folder, 'started')
    execFileSync('mkfifo', [pipe])
    await writeHelper(folder, 'test', `tail -f /dev/null & echo $! > "${pipe}"; wait`)
    const controller = new AbortController()
    const options = { environment: environmentOf(folder), signal: controller.signal }
    const attempt = askCredentialHelper('test', 'ghcr.io', options)
    const started = Number(await readFile(pipe, 'utf8'))
    controller.abort()
    await assert.rejects(attempt, /get was aborted/)
    process.kill(started)
  })
})

test('a credential helper is aborted with its caller', async () => {
  await withFolder(async (folder) => {
    await writeHelper(folder, 'test', 'exec tail -f /dev/null')
    const controller = new AbortController()
    const options = { environment: environmentOf(folder), signal: controller.signal }
    const attempt = askCredentialHelper('test', 'ghcr.io', options)
    controller.abort()
    await assert.rejects(attempt, /get was aborted/)
    await assert.rejects(askCredentialHelper('test', 'ghcr.io', options), { name: 'AbortError' })
  })
})

test('a credential helper that is not installed is told so', async () => {
  const attempt = askCredentialHelper('missing', 'ghcr.io', { environment: { PATH: '/nowhere' } })
  await assert.rejects(attempt, /docker-credential-missing could not be run: it is not installed/)
})

for (const name of ['', '../x', 'a/b', 'a b', 'a;b', '$(x)', '.hidden', 'a\nb', 'x'.repeat(200)]) {
  test(`a credential helper is not run by the name ${JSON.stringify(name.slice(0, 20))}`, async () => {
    const attempt = askCredentialHelper(name, 'ghcr.io', { environment: {} })
    await assert.rejects(attempt, { code: 'refused', message: /is not run: its name may hold only/ })
  })
}

test('files are asked in order, helpers before entries, and missing files are skipped', async () => {
  await withFolder(async (folder) => {
    await writeHelper(
      folder,
      'one',
      `[ "$server" = gcr.io ] || { echo credentials not found; exit 1; }; printf '{"Username":"one","Secret":"1"}'`,
    )
    await writeHelper(folder, 'store', `printf '{"Username":"store","Secret":"%s"}' "$server"`)
    const docker = join(folder, 'config.json')
    const podman = join(folder, 'auth.json')
    const entry = { username: 'file', password: 'f' }
    await writeFile(
      docker,
      JSON.stringify({
        auths: { 'gcr.io': entry, 'own.example': entry },
        credHelpers: { 'gcr.io': 'one', 'own.example': 'one', 'off.example': '' },
        credsStore: 'store',
      }),
    )
    await writeFile(
      podman,
      JSON.stringify({ auths: { 'off.example/team': { username: 'podman', password: 'p' } } }),
    )
    const paths = [join(folder, 'missing.json'), docker, podman]
    const find = credentialsFromFiles({ paths, environment: environmentOf(folder) })
    assert.equal(told(await find({ registry: 'gcr.io', repository: 'a' })), 'basic one 1')
    assert.equal(told(await find({ registry: 'own.example' })), 'basic file f')
    assert.equal(told(await find({ registry: 'docker.io' })), 'basic store https://index.docker.io/v1/')
    assert.equal(told(await find({ registry: 'any.example' })), 'basic store any.example')
    assert.equal(told(await find({ registry: 'off.example', repository: 'team/a' })), 'basic podman p')
    assert.equal(told(await find({ registry: 'off.example', repository: 'a' })), 'nothing')
  })
})

test('a file that is none, or cannot be read, is told', async () => {
  await withFolder(async (folder) => {
    const find = credentialsFromFiles({ paths: [folder], environment: {} })
    await assert.rejects(find({ registry: 'a.example' }), /is no credentials file/)
    const empty = join(folder, 'empty.json')
    await writeFile(empty, '')
    assert.equal(
      await credentialsFromFiles({ paths: [empty], environment: {} })({ registry: 'a.example' }),
      undefined,
    )
  })
})

test('the places are those of Docker and podman', () => {
  assert.deepEqual(credentialFilePaths({}, '/home/u'), [
    '/home/u/.docker/config.json',
    '/home/u/.config/containers/auth.json',
  ])
  const environment = {
    REGISTRY_AUTH_FILE: '/r.json',
    DOCKER_CONFIG: '/d',
    XDG_RUNTIME_DIR: '/run/user/1',
    XDG_CONFIG_HOME: '/c',
  }
  assert.deepEqual(credentialFilePaths(environment, '/home/u'), [
    '/r.json',
    '/d/config.json',
    '/run/user/1/containers/auth.json',
    '/c/containers/auth.json',
  ])
})
