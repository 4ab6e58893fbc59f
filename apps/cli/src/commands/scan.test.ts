import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { importAdvisories } from '@lanner/advisories'
import {
  type BuiltImage,
  type BuiltIndex,
  image,
  index,
  layer,
  temporaryFolder,
  writeLayout,
} from '@lanner/testkit'
import type { Command } from '../command.ts'
import { UsageError } from '../exit.ts'
import { runCommand } from '../testing/terminal.ts'
import { scan } from './scan.ts'
import { why } from './why.ts'

const now = () => new Date()
const modified = '2024-01-01T00:00:00Z'

/** Records of npm: one critical with a fix, one low without, one that cannot be decided for what is no version. */
const records = [
  advisory('GHSA-aaaa-aaaa-aaaa', 'left', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', [
    { introduced: '0' },
    { fixed: '2.0.0' },
  ]),
  advisory('GHSA-bbbb-bbbb-bbbb', 'right', 'CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N', [
    { introduced: '0' },
  ]),
]

function advisory(id: string, name: string, score: string, events: readonly object[]): object {
  return {
    id,
    modified,
    published: modified,
    summary: `A weakness of ${name}`,
    severity: [{ type: 'CVSS_V3', score }],
    affected: [{ package: { ecosystem: 'npm', name }, ranges: [{ type: 'SEMVER', events }] }],
  }
}

const npm = (name: string, version: string) => ({
  [`app/node_modules/${name}/package.json`]: JSON.stringify({ name, version }),
})
const images = {
  clean: image({ layers: [npm('left', '2.0.0')] }),
  critical: image({ layers: [npm('left', '1.0.0')] }),
  low: image({ layers: [npm('right', '1.0.0')] }),
  partial: image({ layers: [npm('left', '2.0.0'), { 'app/node_modules/x/package.json': '{ torn' }] }),
  nothing: image({ layers: [{ 'etc/motd': 'hello' }] }),
  broken: image({ layers: [layer(npm('left', '1.0.0'), { damage: 'truncated-blob' })] }),
  platforms: index([
    image({ layers: [npm('left', '2.0.0')] }),
    image({ layers: [npm('left', '1.0.0')], platform: 'linux/arm64' }),
  ]),
} satisfies Record<string, BuiltImage | BuiltIndex>

suite('scan and why, from their arguments to their exit code', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let home: string
  const run = (command: Command, ...args: readonly string[]) => runCommand(command, args, home)
  const layout = (name: string) => `oci:${join(folder.path, 'layout')}:${name}`

  before(async () => {
    folder = await temporaryFolder()
    home = join(folder.path, 'home')
    const feed = join(folder.path, 'feed', 'npm')
    await mkdir(feed, { recursive: true })
    for (const [at, record] of records.entries())
      await writeFile(join(feed, `${at}.json`), JSON.stringify(record))
    await importAdvisories(join(folder.path, 'feed'), join(home, '.cache', 'lanner', 'advisories'), { now })
    const entries = Object.entries(images).map(([tag, built]) => ({ image: built, tag }))
    await writeLayout(join(folder.path, 'layout'), entries)
  })

  after(() => folder?.[Symbol.asyncDispose]())

  const codes: readonly (readonly [args: readonly string[], tag: string, code: number, says: RegExp])[] = [
    [[], 'clean', 0, /No findings\nState: assessed/],
    [['--fail-on', 'negligible,unknown'], 'clean', 0, /No findings/],
    [[], 'critical', 0, /CRITICAL +GHSA-aaaa-aaaa-aaaa +left +1\.0\.0 +2\.0\.0/],
    [['--fail-on', 'high'], 'critical', 1, /1 critical; 1 with a fix/],
    [['--fail-on', 'high'], 'low', 0, /1 low; 0 with a fix/],
    [['--fail-on', 'low', '--only-fixable'], 'low', 0, /No findings \(1 more without a fix, not shown\)/],
    [[], 'partial', 0, /State: PARTIALLY ASSESSED\n +why +app\/node_modules\/x\/package\.json/],
    [['--fail-on', 'critical'], 'partial', 3, /PARTIALLY ASSESSED/],
    [['--fail-on', 'critical', '--allow-partial'], 'partial', 0, /PARTIALLY ASSESSED/],
    [[], 'nothing', 3, /NOT ASSESSABLE\n +why +no package database/],
    [[], 'broken', 3, /NOT ASSESSABLE\n +why +layer sha256:[0-9a-f]{64} ends inside its compressed\s+stream/],
    [['--inventory'], 'broken', 3, /why +layer sha256/],
    [['--inventory'], 'clean', 0, /npm +left +2\.0\.0/],
    [['--fail-on', 'high'], 'platforms', 1, /linux\/amd64.*No findings.*linux\/arm64.*1 finding/s],
    [['--fail-on', 'high', '--platform', 'linux/amd64'], 'platforms', 0, /^(?!.*arm64)/s],
  ]

  for (const [args, tag, code, says] of codes) {
    test(`scan ${[...args, tag].join(' ')}: exit ${code}`, async () => {
      const result = await run(scan, ...args, '--quiet', layout(tag))
      assert.match(result.output, says)
      assert.deepEqual([result.code, result.talk], [code, ''])
    })
  }

  test('a store that was never made is told, and the inventory shown', async () => {
    const result = await runCommand(
      scan,
      ['-q', '--no-cache', layout('critical')],
      join(folder.path, 'elsewhere'),
    )
    assert.equal(result.code, 3)
    assert.match(result.talk, /there is no advisory store yet: run `lanner advisories update`/)
    assert.match(result.output, /NOT ASSESSABLE\n +why .*advisories/)
  })

  test('a folder of advisories is compiled once and used', async () => {
    const args = ['--advisories', join(folder.path, 'feed'), layout('critical')]
    const other = join(folder.path, 'other')
    const first = await runCommand(scan, args, other)
    assert.match(first.talk, /^compiling the advisories in .* \(once\)$/m)
    const second = await runCommand(scan, ['-q', ...args], other)
    assert.deepEqual([second.talk, second.output], ['', first.output])
  })

  test('where the compiled advisories cannot be put, that is told with the folder', async () => {
    const file = join(folder.path, 'no-folder')
    await writeFile(file, '')
    const args = ['-q', '--advisories', join(folder.path, 'feed'), layout('clean')]
    await assert.rejects(runCommand(scan, args, home, { environment: { LANNER_CACHE_DIR: file } }), {
      name: 'OutputFault',
      message: /^cannot write the advisory store in .*no-folder\/compiled-advisories\/.*ENOTDIR/,
    })
  })

  test('JSON holds what the table shows, and goes to a file whole', async () => {
    const path = join(folder.path, 'report.json')
    const { output, code } = await run(scan, '--json', '-o', path, '--fail-on', 'high', layout('critical'))
    assert.deepEqual([output, code], ['', 1])
    const text = await readFile(path, 'utf8')
    assert.ok(text.includes('GHSA-aaaa-aaaa-aaaa'))
    assert.doesNotThrow(() => JSON.parse(text))
  })

  const usage: readonly (readonly [args: readonly string[], says: RegExp])[] = [
    [[], /needs an image/],
    [['a', 'b'], /takes one image; what is b\?/],
    [[''], /^"" names no image; write docker\.io/],
    [['oci:'], /^"oci:" names no image/],
    [['sbom:'], /^"sbom:" names no image/],
    [['--platform', 'a b', 'x'], /write it like linux\/arm64/],
    [['--inventory', '--fail-on', 'high', 'x'], /judges nothing/],
    [['--json', '--format', 'sarif', 'x'], /two formats/],
    [['--fail-on', '', 'x'], /--fail-on needs a value/],
    [['--username', 'me', 'docker.io/library/x'], /--username needs --password-stdin/],
    [['--password-stdin', 'docker.io/library/x'], /goes with --username/],
  ]

  for (const [args, says] of usage) {
    test(`scan ${args.join(' ')}: usage`, async () => {
      await assert.rejects(
        run(scan, ...args),
        (error) => error instanceof UsageError && says.test(error.message),
      )
    })
  }

  test('an interrupted scan throws its reason and leaves no result', async () => {
    const path = join(folder.path, 'never.json')
    const args = ['-q', '--no-cache', '-o', path, layout('critical')]
    const signal = AbortSignal.abort(new Error('interrupted'))
    await assert.rejects(runCommand(scan, args, home, { signal }), /interrupted/)
    assert.ok(!(await readdir(folder.path)).some((name) => name.startsWith('never')))
  })

  const explained: readonly (readonly [args: readonly string[], code: number, says: RegExp])[] = [
    [['GHSA-aaaa-aaaa-aaaa', 'critical'], 0, /left.*2\.0\.0/s],
    [['GHSA-aaaa-aaaa-aaaa', 'clean'], 0, /left/],
    [['CVE-1999-0001', 'clean'], 0, /CVE-1999-0001/],
    [['cve-1999-0001', 'clean'], 0, /CVE-1999-0001/],
    [['ghsa-AAAA-aaaa-aaaa', 'critical'], 0, /is affected: GHSA-aaaa-aaaa-aaaa/],
    [['--json', 'GHSA-aaaa-aaaa-aaaa', 'critical'], 0, /"conclusion": "affected"/],
    [['GHSA-aaaa-aaaa-aaaa', 'broken'], 3, /./],
  ]

  for (const [args, code, says] of explained) {
    test(`why ${args.join(' ')}: exit ${code}`, async () => {
      const tag = args.at(-1) ?? ''
      const result = await run(why, '-q', ...args.slice(0, -1), layout(tag))
      assert.match(result.output, says)
      assert.equal(result.code, code)
      assert.equal(result.talk !== '', code !== 0, 'why it could not be read is told')
    })
  }

  for (const args of [
    [],
    ['CVE-2024-1'],
    ['CVE-2024-1', 'x', 'y'],
    ['CVE-2024-1', ' '],
    ['../x', 'x'],
    ['CVE 1', 'x'],
  ]) {
    test(`why ${args.join(' ')}: usage`, async () => {
      await assert.rejects(run(why, ...args), UsageError)
    })
  }
})
