import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import type { Command } from '../../command.ts'
import { UsageError } from '../../exit.ts'
import { startPlatform, type TestPlatform } from '../../testing/platform.ts'
import type { TerminalOptions } from '../../testing/terminal.ts'
import { policyApply } from './apply.ts'
import { policyChanges } from './changes.ts'
import { policyDiff } from './diff.ts'
import { policyExport } from './export.ts'
import { policyList } from './list.ts'
import { policyShow } from './show.ts'

const written = `version: 1
policies:
  - name: Production
    description: what runs
    enabled: true
    rules:
      - action: block
        conditions:
          - { prop: severity, op: gte, value: high }
          - { prop: fix_available, value: true }
    groups:
      - name: shop
        conditions:
          - { prop: repository, value: shop/* }
  - name: Watch
    enabled: false
    rules:
      - action: alert
        conditions: []
groups: []
exclusions:
  - prop: cve
    op: in
    value:
      - CVE-2024-45490
    scope:
      tag: "1.10"
    description: not reachable
    expires: 2999-01-01T00:00:00.000Z
`

suite('policies in a file, with a server that runs', () => {
  let platform: TestPlatform
  let file: string

  const run = (command: Command, args: readonly string[], more: TerminalOptions = {}) =>
    platform.run(command, args, more)
  const write = (text: string) => writeFile(file, text)

  before(async () => {
    platform = await startPlatform()
    file = join(platform.folder, 'policies.yaml')
  })
  after(() => platform?.[Symbol.asyncDispose]())

  test('a file differs from a new server, is applied, and is what is exported, word for word', async () => {
    await write(written)
    const differs = await run(policyDiff, [file])
    assert.equal(differs.code, 1, differs.talk)
    assert.match(differs.output, /^\+ policy Production$/m)
    assert.match(differs.output, /^ {4}\+ {7}- \{ prop: severity, op: gte, value: high \}$/m)
    assert.match(differs.output, /^\+ exclusion cve in CVE-2024-45490$/m)
    assert.equal(differs.talk, 'lanner: 4 changes: 4 to create\n')

    const tried = await run(policyApply, [file, '--dry-run'])
    assert.deepEqual([tried.code, tried.output, tried.talk], [0, differs.output, differs.talk])
    assert.equal((await run(policyDiff, [file])).code, 1)

    const applied = await run(policyApply, [file])
    assert.equal(applied.code, 0, applied.talk)
    assert.equal(applied.talk, 'lanner: 4 changes applied; the policies are at revision 1\n')

    const same = await run(policyDiff, [file])
    assert.deepEqual([same.code, same.output, same.talk], [0, '', 'lanner: nothing to change\n'])
    const again = await run(policyApply, [file, '--json'])
    assert.deepEqual(JSON.parse(again.output), { applied: false, revision: 1, changes: [] })

    assert.equal((await run(policyExport, [])).output, written)
    const out = join(platform.folder, 'exported.json')
    assert.equal((await run(policyExport, ['--json', '--output', out])).code, 0)
    assert.equal((await run(policyDiff, [out])).code, 0)
    assert.equal(JSON.parse(await readFile(out, 'utf8')).exclusions[0].scope.tag, '1.10')
  })

  test('what is there is listed and shown', async () => {
    const listed = await run(policyList, [])
    assert.equal(listed.code, 0, listed.talk)
    assert.deepEqual(listed.output.split('\n'), [
      'ORDER  NAME        ENABLED  RULES  GROUPS',
      '1      Production  yes      1      shop',
      '2      Watch       no       1      all images',
      '3      Default     yes      0      all images',
      '',
    ])
    const policies = JSON.parse((await run(policyList, ['--json'])).output)
    const id = policies[0].policy_id
    for (const wanted of ['Production', id, id.toUpperCase()]) {
      const { code, output } = await run(policyShow, [wanted])
      assert.equal(code, 0)
      assert.match(output, new RegExp(`^# ${id}, number 1 in the order$`, 'm'))
      assert.match(output, /^ {6}- \{ prop: severity, op: gte, value: high \}$/m)
    }
    assert.equal(JSON.parse((await run(policyShow, [id, '--json'])).output).name, 'Production')
    const unknown = await run(policyShow, ['Nothing'])
    assert.deepEqual(
      [unknown.code, unknown.talk],
      [3, 'lanner: there is no policy "Nothing"; there are Production, Watch, Default\n'],
    )
  })

  test('a difference of each kind: changed, moved, created, deleted', async () => {
    await write(
      written
        .replace('value: high', 'value: critical')
        .replace(/ {2}- name: Watch\n[\s\S]*?(?=groups: \[\]\n)/, '  - name: New\n')
        .replace(/ {4}groups:\n {6}- name: shop\n[\s\S]*?(?= {2}- name: New)/, '')
        .replace('groups: []', 'groups: [{ name: shop, conditions: [{ prop: repository, value: shop/* }] }]')
        .replace('not reachable', 'mended'),
    )
    const { code, output, talk } = await run(policyDiff, [file])
    assert.equal(code, 1, talk)
    assert.equal(talk, 'lanner: 5 changes: 1 to create, 3 to change, 1 to delete\n')
    for (const line of [
      '~ policy Production',
      '    -       - { prop: severity, op: gte, value: high }',
      '    +       - { prop: severity, op: gte, value: critical }',
      '+ policy New',
      '- policy Watch',
      '~ group shop',
      '    - policy: Production',
      '~ exclusion cve in CVE-2024-45490',
      '    - description: not reachable',
      '    + description: mended',
    ])
      assert.ok(output.split('\n').includes(line), `${line} is not in\n${output}`)
    const json = JSON.parse((await run(policyDiff, [file, '--json'])).output)
    assert.equal(json.revision, 1)
    assert.equal(json.changes.length, 5)
  })

  test('what is wrong is told with file, line and column, by us and by the server', async () => {
    for (const [text, says] of [
      ['policies: [', /^lanner: .*policies\.yaml:1:12: /],
      ['', /^lanner: .*policies\.yaml: is empty$/],
      ['version: 3', /^lanner: .*policies\.yaml:1:1: version: 3 is not known/],
      [
        'policies:\n  - name: a\n    rulse: []\n',
        /^lanner: .*policies\.yaml:3:5: policies\[0\]\.rulse: this member is not known; known are name, /,
      ],
      [
        'policies:\n  - name: a\n    rules:\n      - action: block\n        conditions:\n          - { prop: svrty, value: 1 }\n',
        /^lanner: .*policies\.yaml:6:13: policies\[0\]\.rules\[0\]\.conditions\[0\]: .*'svrty'/,
      ],
      ['policies: [{ name: 7 }]', /^lanner: .*policies\.yaml:1:14: policies\[0\]\.name: must be string/],
    ] as const) {
      await write(text)
      for (const command of [policyDiff, policyApply]) {
        const { code, output, talk } = await run(command, [file]).catch((fault: Error) => ({
          code: 3,
          output: '',
          talk: `lanner: ${fault.message}\n`,
        }))
        assert.deepEqual([code, output], [3, ''])
        assert.match(talk, new RegExp(says.source, 'm'))
      }
    }
    await assert.rejects(run(policyDiff, [join(platform.folder, 'none.yaml')]), { code: 'ENOENT' })
    await assert.rejects(run(policyDiff, [platform.folder]), /this is a folder/)
    for (const args of [[], ['a', 'b']]) await assert.rejects(run(policyApply, args), UsageError)
    for (const limit of ['0', 'many', '99999'])
      await assert.rejects(run(policyChanges, ['--limit', limit]), UsageError)
  })

  test('policies are deleted on a terminal only with a yes, elsewhere at once; - reads standard input', async () => {
    const watch = { exclusions: [], policies: [{ name: 'Production' }] }
    await write(JSON.stringify(watch))
    const names = async () =>
      JSON.parse((await run(policyList, ['--json'])).output).map(({ name }: { name: string }) => name)
    for (const typed of ['', '\n', 'no\n', 'maybe y\n']) {
      const { code, talk } = await run(policyApply, [file], { interactive: true, typed })
      assert.equal(code, 3)
      assert.match(talk, /^Delete 1 policy \(Watch\)\? \[y\/N\] lanner: nothing was applied$/m)
    }
    assert.deepEqual(await names(), ['Production', 'Watch', 'Default'])
    await assert.rejects(
      run(policyApply, ['-'], { interactive: true, piped: true, typed: JSON.stringify(watch) }),
      (fault) => fault instanceof UsageError && /cannot be asked .* --yes/.test(fault.message),
    )
    const yes = await run(policyApply, [file], { interactive: true, typed: 'Yes\n' })
    assert.equal(yes.code, 0, yes.talk)
    assert.deepEqual(await names(), ['Production', 'Default'])
    const piped = await run(policyApply, ['-'], { typed: written })
    assert.equal(piped.code, 0, piped.talk)
    const without = await run(policyApply, ['-', '--yes'], { interactive: true, typed: 'policies: []' })
    assert.equal(without.code, 0, without.talk)
    assert.deepEqual(await names(), ['Default'])
  })

  test('who changed what is shown, newest first', async () => {
    const { code, output } = await run(policyChanges, ['--limit', '3'])
    assert.equal(code, 0)
    const [head, ...rows] = output.trimEnd().split('\n')
    assert.match(head ?? '', /^AT +BY +CHANGE +OF$/)
    assert.equal(rows.length, 3)
    for (const row of rows)
      assert.match(row, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ {2}\S+ {2}\w+ delete +(?:Production|Watch|shop)$/)
    const all = JSON.parse((await run(policyChanges, ['--limit', '500', '--json'])).output)
    assert.ok(all.length > 10)
    const made = all.filter(({ action }: { action: string }) => action === 'policy_create')
    assert.ok(made.length >= 2)
    for (const { before, after } of made) assert.deepEqual([before, typeof after.name], [null, 'string'])
  })
})
