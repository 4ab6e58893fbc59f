import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { delimiter, join } from 'node:path'
import { before, describe, test } from 'node:test'
import { commands } from '../apps/cli/src/commands.ts'
import { advisoryFolder, importedStore } from './advisory-folder.ts'
import { assertExit, lanner, launcher, newUser, onlyReport, scanned, type User } from './lanner.ts'
import { type Ended, run } from './process.ts'
import { madeFolder, newFolder, root } from './suite.ts'

const demo = `oci:${join(root, 'demo', 'image')}`
const demoAdvisories = join(root, 'demo', 'advisories')
const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version

/** What is planted in the demo image: severities by CVSS and by the Debian tracker, as its README and records say. */
const planted = [
  'critical CVE-2019-10744 lodash 4.17.4 fixed in 4.17.12',
  'critical CVE-2021-44228 log4j-core 2.14.1 fixed in 2.15.0',
  'high CVE-2018-18074 requests 2.19.0 fixed in 2.20.0',
  'medium DEMO-2026-0001 requests 2.19.0 fixed in 2.32.0',
  'negligible CVE-2023-45853 zlib1g 1:1.2.13.dfsg-1 will-not-fix',
  'unknown CVE-2024-45490 libexpat1 2.5.0-1 fixed in 2.5.0-1+deb12u1',
  'unknown CVE-2024-45491 libexpat1 2.5.0-1 fixed in 2.5.0-1+deb12u1',
  'unknown CVE-2024-45492 libexpat1 2.5.0-1 fixed in 2.5.0-1+deb12u1',
]

describe('the command', () => {
  let user: User
  let store: string

  before(async () => {
    user = newUser('command')
    store = await importedStore(user, demoAdvisories)
  })

  test('says what it can do, and its version', async () => {
    const overviews = await Promise.all([[], ['--help'], ['-h'], ['help']].map((args) => lanner(user, args)))
    for (const ended of overviews) {
      assertExit(ended, 0)
      assert.equal(ended.stderr, '')
      assert.equal(ended.stdout, overviews[0]?.stdout)
      for (const { path } of commands) assert.match(ended.stdout, new RegExp(`^  ${path} `, 'm'))
    }
    for (const args of [['--version'], ['-V'], ['version']]) {
      const ended = await lanner(user, args)
      assertExit(ended, 0)
      assert.equal(ended.stdout, `lanner ${version}\n`)
    }
  })

  test('explains each command', async () => {
    for (const { path, load } of commands) {
      const words = path.split(' ')
      const asked = [
        [...words, '--help'],
        [...words, '-h'],
        ['help', ...words],
      ]
      const [first, ...others] = await Promise.all(asked.map((args) => lanner(user, args)))
      assertExit(first as Ended, 0)
      assert.equal(first?.stderr, '')
      for (const ended of others) assert.equal(ended.stdout, first?.stdout)
      assert.match(first?.stdout ?? '', new RegExp(`^Usage: lanner ${path} `, 'm'))
      for (const option of Object.keys((await load()).options))
        assert.ok(first?.stdout.includes(`--${option}`), option)
    }
  })

  test('a command line that cannot be understood: exit 2, and what is known', async () => {
    const cases: readonly (readonly [args: readonly string[], said: RegExp])[] = [
      [['scna'], /unknown command "scna" \(did you mean scan\?\)/],
      [['advisories'], /advisories needs one of: import, update, status/],
      [['help', 'nonsense'], /unknown command "nonsense"/],
      [['scan'], /scan needs an image/],
      [['scan', 'a', 'b'], /takes one image/],
      [['scan', '--fial-on', 'high', demo], /--fial-on.*did you mean --fail-on\?/],
      [['scan', '--fail-on', 'severe', demo], /--fail-on severe: one of critical, high/],
      [['scan', '--format', 'xml', demo], /--format xml: one of table/],
      [['scan', '--platform', 'linux/', demo], /--platform linux\/: write it like linux\/arm64/],
      [['scan', '--password-stdin', demo], /--password-stdin goes with --username/],
      [['scan', '--username', 'me', demo], /needs --password-stdin/],
      [['why', 'CVE-2021-44228'], /why needs an advisory id and an image/],
      [['why', '../etc/passwd', demo], /is no advisory id/],
      [['advisories', 'import'], /needs one folder/],
    ]
    for (const [args, said] of cases) {
      const ended = await lanner(user, args)
      assertExit(ended, 2)
      assert.match(ended.stderr, said)
      assert.match(ended.stderr, /Try `lanner .*--help`/)
      assert.equal(ended.stdout, '')
    }
  })

  test('finds what is planted in the demo image, and nothing else', async () => {
    const report = onlyReport(await scanned(user, ['--advisories', demoAdvisories, demo]))
    assert.equal(report.state, 'assessed')
    const rows = report.findings
      .filter(({ suppressed }) => !suppressed)
      .map(({ severity, vulnerability, package: purl, fixState, fixedVersions }) => {
        const item = report.packages.find((candidate) => candidate.purl === purl)
        const fix = fixedVersions.length > 0 ? `fixed in ${fixedVersions.join(', ')}` : fixState
        return `${severity} ${vulnerability.id} ${item?.name} ${item?.version} ${fix}`
      })
    assert.deepEqual(rows.sort(), planted)
    // Debian's own copy of requests is Debian's to fix: kept, and marked.
    const suppressed = report.findings.filter((finding) => finding.suppressed)
    assert.deepEqual(
      suppressed.map(({ vulnerability, package: purl }) => `${vulnerability.id} ${purl}`),
      ['DEMO-2026-0001 pkg:pypi/requests@2.28.1'],
    )
    const exploited = report.findings.filter(({ vulnerability }) => vulnerability.exploited)
    assert.deepEqual(
      exploited.map(({ vulnerability }) => vulnerability.id),
      ['CVE-2021-44228'],
    )
  })

  test('exit codes: 0 pass, 1 findings, 3 could not find out', async () => {
    const empty = await importedStore(
      user,
      advisoryFolder([{ id: 'DSA-1-1', ecosystem: 'Debian:12', name: 'nobody-has-this', fixed: '1' }]),
    )
    const absent = newUser('without-advisories')
    const cases: readonly (readonly [code: number, who: User, args: readonly string[]])[] = [
      [0, user, ['--advisories', store, demo]],
      [0, user, ['--advisories', demoAdvisories, demo]],
      [0, user, ['--advisories', store, '--platform', 'linux/amd64', demo]],
      [0, absent, ['--inventory', demo]],
      [1, user, ['--advisories', store, '--fail-on', 'critical', demo]],
      [1, user, ['--advisories', store, '--fail-on', 'high', '--only-fixable', demo]],
      [1, user, ['--advisories', store, '--fail-on', 'unknown', demo]],
      [1, user, ['--advisories', store, '--fail-on', 'critical,unknown', demo]],
      [3, user, ['--advisories', empty, '--fail-on', 'critical', demo]],
      [0, user, ['--advisories', empty, '--fail-on', 'critical', '--allow-partial', demo]],
      [0, user, ['--advisories', empty, demo]],
      [3, absent, [demo]],
      [3, absent, ['--fail-on', 'critical', demo]],
      [3, user, ['--advisories', store, '--platform', 'linux/s390x', demo]],
      [3, user, ['--advisories', store, `${demo}-absent`]],
      [3, user, ['--advisories', store, 'docker-archive:/no/such/file.tar']],
      [3, user, ['--advisories', store, `sbom:${launcher}`]],
      [3, user, ['--advisories', store, '--offline', '127.0.0.1:1/a/b:c']],
      [3, user, ['--advisories', join(root, 'packages'), demo]],
    ]
    for (const [code, who, args] of cases) {
      const ended = await lanner(who, ['scan', '--quiet', ...args])
      assert.equal(ended.code, code, `scan ${args.join(' ')}: exit ${ended.code} ${ended.stderr}`)
      assert.doesNotMatch(ended.stderr, /unexpected error/)
      if (code === 3) assert.match(ended.stderr + ended.stdout, /lanner: |why {2}/)
    }
  })

  test('every format goes to standard output or into a file, the same', async () => {
    for (const format of ['table', 'json', 'cyclonedx', 'spdx', 'sarif']) {
      const file = join(madeFolder(user.home, 'formats'), format)
      const options = ['--advisories', store, '--format', format]
      const printed = await lanner(user, ['scan', ...options, demo])
      assertExit(printed, 0)
      assert.match(printed.stderr, /^layer 1\/3 /m, 'progress goes to standard error')
      const written = await lanner(user, ['scan', '--quiet', ...options, '--output', file, demo])
      assertExit(written, 0)
      assert.equal(written.stdout + written.stderr, '')
      const content = readFileSync(file, 'utf8')
      if (format === 'table') {
        assert.match(printed.stdout, /^CRITICAL +CVE-2021-44228 +\S*log4j-core +2\.14\.1 +2\.15\.0/m)
        assert.equal(content, printed.stdout)
        continue
      }
      assert.ok(content.includes('CVE-2021-44228') && content.includes('log4j-core'), format)
      // What names a document or its time differs from one to the next; the rest does not.
      assert.deepEqual(Object.keys(JSON.parse(content)), Object.keys(JSON.parse(printed.stdout)))
    }
  })

  test('control characters of images never reach the terminal, nor do colours reach a pipe', async () => {
    const ended = await lanner(user, ['scan', '--advisories', store, demo])
    assertExit(ended, 0)
    assert.doesNotMatch(ended.stdout + ended.stderr, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  })

  test('whoever stops reading is no error', async () => {
    const ended = await run(
      'sh',
      [
        '-c',
        '"$0" "$1" scan --quiet --inventory --json "$2" | head -c 10 > "$3"; exit 0',
        process.execPath,
        launcher,
        demo,
        join(user.home, 'head'),
      ],
      { env: user.environment },
    )
    assert.equal(ended.stderr, '')
    assert.equal(readFileSync(join(user.home, 'head'), 'utf8').length, 10)
  })

  test('why: found, not there, above the fix, part of a Debian package, nobody knows it', async () => {
    const cases: readonly (readonly [id: string, said: readonly RegExp[]])[] = [
      ['CVE-2021-44228', [/GHSA-jfh8-c2jp-5v3q/, /log4j-core 2\.14\.1 is affected/, /2\.15\.0/]],
      ['GHSA-jfh8-c2jp-5v3q', [/log4j-core 2\.14\.1 is affected/]],
      ['DSA-5770-1', [/libexpat1 2\.5\.0-1 \(source expat/, /2\.5\.0-1\+deb12u1/]],
      ['CVE-2024-45491', [/DSA-5770-1/, /libexpat1 2\.5\.0-1/]],
      ['CVE-2023-45853', [/zlib1g/, /will-not-fix/]],
      // Installed by one layer, removed by the next.
      ['CVE-2020-7598', [/GHSA-vh95-rmgr-6w4m/, /names any of the 8 packages/]],
      ['CVE-2018-18074', [/requests 2\.19\.0 is affected/, /requests 2\.28\.1 is not affected/]],
      ['DEMO-2026-0001', [/requests 2\.28\.1 .*does not count.*python3-requests/]],
      ['CVE-1999-0001', [/No installed advisory is about CVE-1999-0001/]],
    ]
    for (const [id, said] of cases) {
      const ended = await lanner(user, ['why', '--quiet', '--advisories', store, id, demo])
      assertExit(ended, 0)
      for (const words of said) assert.match(ended.stdout, words, id)
      const data = await lanner(user, ['why', '--quiet', '--json', '--advisories', store, id, demo])
      assertExit(data, 0)
      assert.equal(JSON.parse(data.stdout).length, 1)
    }
    assertExit(await lanner(newUser('without-advisories'), ['why', 'CVE-2021-44228', demo]), 3)
  })

  test('advisories: import, status, and a scan that needs no option', async () => {
    const newcomer = newUser('newcomer')
    const before = await lanner(newcomer, ['advisories', 'status'])
    assertExit(before, 3)
    assert.match(before.stderr, /lanner advisories update/)
    assertExit(await lanner(newcomer, ['advisories', 'import', demoAdvisories]), 0)
    const after = await lanner(newcomer, ['advisories', 'status', '--json'])
    assertExit(after, 0)
    const { sources } = JSON.parse(after.stdout) as { sources: { source: string; records: number }[] }
    // Records by their folders: one file each, and the lines of the three lists.
    const counts = Object.fromEntries(sources.map(({ source, records }) => [source, records]))
    assert.deepEqual(
      [counts['osv/Debian'], counts['osv/npm'], counts['osv/Maven'], counts['osv/PyPI']],
      [1, 2, 1, 2],
    )
    const report = onlyReport(await scanned(newcomer, [demo]))
    assert.equal(report.findings.filter(({ suppressed }) => !suppressed).length, planted.length)
    const wrong = await lanner(newcomer, ['advisories', 'import', join(newcomer.home, 'nothing-here')])
    assertExit(wrong, 3)
    assert.match(wrong.stderr, /nothing-here/)
    assert.equal(onlyReport(await scanned(newcomer, [demo])).findings.length, report.findings.length)
  })

  test('a compiled copy that is damaged or of another version is made again', async () => {
    const other = newUser('upgraded')
    const first = onlyReport(await scanned(other, ['--advisories', demoAdvisories, demo]))
    const compiled = join(other.cache, 'compiled-advisories')
    const [manifest] = globSync('*/current.json', { cwd: compiled })
    assert.ok(manifest, 'the copy is kept in the cache')
    for (const content of ['{"format":0}', '{', '']) {
      writeFileSync(join(compiled, manifest), content)
      const again = onlyReport(await scanned(other, ['--advisories', demoAdvisories, demo]))
      assert.deepEqual(again.findings, first.findings)
    }
  })

  test('the lines of the README, as they stand there', async () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    const lines = [...readme.matchAll(/^npm start -- (?<args>(?:scan|why) .*demo.*?)(?:\s+#.*)?$/gm)].map(
      (match) => (match.groups?.['args'] ?? '').trim().split(/\s+/),
    )
    assert.ok(lines.length >= 2, `${lines.length} lines of the README are about the demo`)
    for (const args of lines) {
      const ended = await run('npm', ['start', '--', ...args], { cwd: root, env: user.environment })
      assertExit(ended, 0)
      assert.match(ended.stdout, /CVE-/)
    }
  })

  test('through a link, as `npm link` makes it, from another folder', async () => {
    const bin = madeFolder(user.home, 'bin')
    if (!existsSync(join(bin, 'lanner'))) symlinkSync(launcher, join(bin, 'lanner'))
    const environment = { ...user.environment, PATH: `${bin}${delimiter}${user.environment['PATH']}` }
    const shown = await run('lanner', ['--version'], { cwd: newFolder('elsewhere'), env: environment })
    assertExit(shown, 0)
    assert.equal(shown.stdout, `lanner ${version}\n`)
    const judged = await run(
      'lanner',
      ['scan', '--quiet', '--advisories', store, '--fail-on', 'critical', demo],
      { cwd: newFolder('elsewhere'), env: environment },
    )
    assertExit(judged, 1)
  })

  test('an older Node goes on with a newer one: same words, same codes, same Ctrl-C', async (context) => {
    const older = await olderNode()
    if (older === undefined) return context.skip('no Node older than 24 on this machine')
    const options = { cwd: user.home, env: user.environment }
    const shown = await run(older, [launcher, '--version'], options)
    assertExit(shown, 0)
    assert.equal(shown.stdout, `lanner ${version}\n`)
    const codes: readonly (readonly [number, readonly string[]])[] = [
      [1, ['scan', '--quiet', '--advisories', store, '--fail-on', 'critical', demo]],
      [2, ['scan']],
      [3, ['scan', '--quiet', `${demo}-absent`]],
    ]
    for (const [code, args] of codes) assertExit(await run(older, [launcher, ...args], options), code)
    const silent = await silentServer()
    try {
      const interrupted = await run(
        older,
        [launcher, 'scan', '--quiet', '--inventory', `${silent.host}/a/b:c`],
        {
          ...options,
          limit: 20_000,
          onStart: (child) => void silent.asked.then(() => child.kill('SIGINT')),
        },
      )
      assertExit(interrupted, 130)
    } finally {
      silent.close()
    }
  })
})

/** A Node before 24, where one is in a usual place. */
async function olderNode(): Promise<string | undefined> {
  const places = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/bin', '/usr/bin']
  for (const candidate of new Set(places.map((place) => join(place, 'node')))) {
    if (!existsSync(candidate)) continue
    const { stdout } = await run(candidate, ['--version'])
    const major = Number.parseInt(stdout.slice(1), 10)
    if (major >= 18 && major < 24) return candidate
  }
  return undefined
}

/** Takes connections and never answers; `asked` resolves with the first. */
async function silentServer(): Promise<{ host: string; asked: Promise<void>; close(): void }> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    resolve()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: promise,
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
