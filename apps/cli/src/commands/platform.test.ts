import assert from 'node:assert/strict'
import { chmod, cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import type { RunningServer } from '@lanner/server'
import { temporaryFolder } from '@lanner/testkit'
import type { Command } from '../command.ts'
import { UsageError } from '../exit.ts'
import { quietly, startServer } from '../testing/platform.ts'
import { runCommand } from '../testing/terminal.ts'
import { api } from './api.ts'
import { clientCreate } from './client/create.ts'
import { clientList } from './client/list.ts'
import { clientRevoke } from './client/revoke.ts'
import { doctor } from './doctor.ts'
import { exportAll } from './export.ts'
import { importAll } from './import.ts'

suite('with a server that runs, and after it has stopped', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let data: string
  let server: RunningServer | undefined

  const run = (command: Command, args: readonly string[], more: Record<string, string> = {}) =>
    runCommand(command, args, folder.path, { environment: { ...quietly, ...more } })

  before(async () => {
    folder = await temporaryFolder()
    data = join(folder.path, 'data')
    server = await startServer(data)
  })
  after(async () => {
    await server?.close()
    await folder[Symbol.asyncDispose]()
  })

  test('an operation by its id and by its name, with parameters, headers, a file', async () => {
    for (const name of ['GetCombinedImages', 'get_combined_images']) {
      const { code, output } = await run(api, [name, '--data-dir', data, '-p', 'limit=7'])
      assert.equal(code, 0)
      assert.deepEqual(JSON.parse(output).meta.pagination, { limit: 7, offset: 0, total: 0 })
    }
    // Commas belong to the expression.
    const filter = "filter=repository:['a','b'],tag:'c'"
    const filtered = await run(api, ['GetCombinedImages', '--data-dir', data, '-p', filter])
    assert.equal(filtered.code, 0, filtered.talk)
    const refused = await run(api, ['GetCombinedImages', '--data-dir', data, '-p', 'filter=nothing:1'])
    assert.equal(refused.code, 3)
    assert.match(refused.talk, /^lanner: GetCombinedImages: .*nothing.* \(status 400\)$/m)
    const path = join(folder.path, 'answer.json')
    const written = await run(api, ['GetServerStatus', '--data-dir', data, '-o', path, '--headers'])
    assert.deepEqual([written.code, written.output], [0, ''])
    assert.match(written.talk, /^status: 200$/m)
    assert.match(written.talk, /^x-cs-traceid: \S+$/m)
    assert.equal(JSON.parse(await readFile(path, 'utf8')).resources[0].version, '1.2.3')
  })

  test('a body from the command line and from a file; what it makes can be read, and is gone after', async () => {
    const file = join(folder.path, 'body.json')
    await writeFile(file, '{"label":"from a file"}')
    for (const [body, label] of [
      ['{"label":"inline"}', 'inline'],
      [`@${file}`, 'from a file'],
    ]) {
      const made = await run(api, ['tokens_create', '--data-dir', data, '--body', body!])
      assert.equal(made.code, 0, made.talk)
      const [{ id }] = JSON.parse(made.output).resources
      const read = await run(api, ['tokens-read', '--data-dir', data, '-p', `ids=${id}`])
      assert.equal(JSON.parse(read.output).resources[0].label, label)
      assert.equal((await run(api, ['tokens_delete', '--data-dir', data, '-p', `ids=${id}`])).code, 0)
      const gone = await run(api, ['tokens_read', '--data-dir', data, '-p', `ids=${id}`])
      assert.equal(gone.code, 3)
      assert.match(gone.talk, /^lanner: tokens_read: .* \(status 404\)$/m)
    }
  })

  test('what cannot be called is told before anything is sent', async () => {
    for (const [args, says] of [
      [[], /needs an operation/],
      [['GetCombinedImages', 'more'], /more is too much/],
      [['GetCombinedImage'], /did you mean GetCombinedImages\?/],
      [['constructor'], /unknown operation "constructor"/],
      [['GetJob'], /GetJob needs --param id=…/],
      [['GetJob', '-p', 'id=..'], /cannot stand in a path/],
      [['GetJob', '-p', 'id'], /expected NAME=VALUE/],
      [['tokens_create', '--body', '{'], /--body is no JSON/],
      [['GetCombinedImages', '--body', '{}'], /takes no --body/],
    ] as const)
      await assert.rejects(
        run(api, [...args, '--data-dir', data]),
        (error) => error instanceof UsageError && says.test(error.message),
      )
  })

  test('clients: one line when made, only what they may, gone when revoked', async () => {
    const at = ['--data-dir', data]
    const scope = 'falcon-container-image:read'
    const made = await run(clientCreate, ['--name', 'ci', '--scope', scope, '--json', ...at])
    assert.equal(made.code, 0)
    assert.match(made.output, /^[^\n]+\n$/)
    const { client_id, client_secret, scopes } = JSON.parse(made.output)
    assert.match(client_id, /^[0-9a-f]{32}$/)
    assert.match(client_secret, /^\w{40}$/)
    assert.deepEqual(scopes, [scope])
    const own = { LANNER_URL: server!.url, LANNER_CLIENT_ID: client_id, LANNER_CLIENT_SECRET: client_secret }
    assert.equal((await run(api, ['GetCombinedImages'], own)).code, 0)
    const refused = await run(clientList, [], own)
    assert.equal(refused.code, 3)
    assert.match(refused.talk, /status 403/)
    assert.doesNotMatch(refused.talk, new RegExp(client_secret))

    const listed = JSON.parse((await run(clientList, ['--json', ...at])).output)
    assert.equal(listed.find((each: { name: string }) => each.name === 'ci').client_id, client_id)
    assert.equal((await run(clientRevoke, [client_id, ...at])).output, `revoked ${client_id} ci\n`)
    const revoked = await run(api, ['GetCombinedImages'], own)
    assert.equal(revoked.code, 3)
    assert.match(revoked.talk, /no token: /)
    assert.match((await run(clientList, at)).output, new RegExp(`${client_id} +ci .*revoked `))

    const unknown = await run(clientRevoke, ['0'.repeat(32), ...at])
    assert.equal(unknown.code, 3)
    assert.match(unknown.talk, /was not revoked: .*status 404/)
    const wrong = await run(clientCreate, ['--name', 'x', '--scope', 'everything', ...at])
    assert.equal(wrong.code, 3)
    assert.match(wrong.talk, /status 400/)
    await assert.rejects(run(clientCreate, at), UsageError)
    await assert.rejects(run(clientRevoke, at), UsageError)
    await assert.rejects(run(clientRevoke, ['a/b', ...at]), UsageError)
  })

  test('the doctor sees a server without advisories, and a key that everybody can read', async () => {
    const { code, output } = await run(doctor, ['--data-dir', data, '--json'])
    const { healthy, checks } = JSON.parse(output)
    const states = Object.fromEntries(
      checks.map(({ name, state }: { name: string; state: string }) => [name, state]),
    )
    assert.deepEqual(
      [code, healthy, states['advisories'], states['database'], states['server'], states['clock']],
      [3, false, 'failed', 'ok', 'ok', 'ok'],
    )
    const key = join(data, 'master.key')
    await chmod(key, 0o644)
    const open = await run(doctor, ['--data-dir', data])
    await chmod(key, 0o600)
    assert.match(open.output, /^FAILED +master key +.*everybody\n {4}Close it/m)
    assert.doesNotMatch(open.output, new RegExp((await readFile(key, 'utf8')).trim().slice(0, 20)))
  })

  test('a database in use is not exported', async () => {
    const path = join(folder.path, 'early')
    await assert.rejects(run(exportAll, [path, '--data-dir', data]), { code: 'in-use' })
    assert.deepEqual(
      (await readdir(folder.path)).filter((name) => name.startsWith('early')),
      [],
    )
  })

  test('all rows leave a stopped server and come into another, whose clients go on', async () => {
    await server!.close()
    server = undefined
    const stopped = await run(doctor, ['--data-dir', data])
    assert.equal(stopped.code, 3)
    assert.match(stopped.output, /^ok +database +PostgreSQL \d+.*, embedded, starts and answers$/m)
    assert.match(stopped.output, /^FAILED +server /m)

    const path = join(folder.path, 'backup')
    const exported = await run(exportAll, [path, '--data-dir', data])
    assert.equal(exported.code, 0)
    assert.match(exported.talk, /blobs and the master key are not in it/)
    assert.equal((await stat(path)).mode & 0o777, 0o600)
    await assert.rejects(run(importAll, [path, '--data-dir', data]), { code: 'not-empty' })

    const other = join(folder.path, 'other')
    const cut = join(folder.path, 'cut')
    await writeFile(cut, (await readFile(path)).subarray(0, -40))
    await assert.rejects(run(importAll, [cut, '--data-dir', other]), { code: 'stream' })
    const imported = await run(importAll, [path, '--data-dir', other])
    assert.equal(imported.code, 0, imported.talk)
    assert.match(imported.talk, /master key were not in it/)
    for (const file of ['master.key', 'bootstrap.json']) await cp(join(data, file), join(other, file))
    // HTTPS besides: the authority is found in the data directory.
    server = await startServer(other, 'self-signed')
    assert.match(server.url, /^https:/)
    const { code, output, talk } = await run(clientList, ['--data-dir', other, '--json'])
    assert.equal(code, 0, talk)
    assert.ok(JSON.parse(output).some((each: { name: string }) => each.name === 'ci'))
  })

  test('a folder without a database is not made one by asking; a file that is not there makes none', async () => {
    const none = join(folder.path, 'none')
    await assert.rejects(run(exportAll, [join(folder.path, 'x'), '--data-dir', none]), {
      code: 'unavailable',
      message: /there is no database in /,
    })
    await assert.rejects(run(importAll, [join(folder.path, 'no'), '--data-dir', none]), { code: 'ENOENT' })
    await assert.rejects(stat(none), { code: 'ENOENT' })
    const { code, output } = await run(doctor, ['--data-dir', none])
    assert.equal(code, 3)
    assert.match(output, /^FAILED +data directory +.* is not there$/m)
    await rm(none, { recursive: true, force: true })
  })
})

test('every operation is in the help, and can be described', async () => {
  const { operations } = await import('@lanner/sdk')
  const words = api.description.join(' ')
  for (const id of Object.keys(operations)) {
    assert.ok(words.includes(id), id)
    const { code, output } = await runCommand(api, [id, '--describe'], '/nowhere')
    assert.equal(code, 0)
    assert.ok(output.startsWith(`${id} (`))
  }
  const { output } = await runCommand(api, ['GetCombinedImages', '--describe'], '/nowhere')
  assert.match(output, /^ {2}limit +integer +.*at most 200; default 100$/m)
  assert.match(output, /^Scope: falcon-container-image:read$/m)
  assert.match(output, /^Fields of filter:$/m)
})
