import assert from 'node:assert/strict'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Package, Report } from '../packages/model/src/index.ts'
import { advisoryFolder, importedStore } from './advisory-folder.ts'
import { type DebianImage, debianImage } from './debian-image.ts'
import { assertExit, inventory, lanner, newUser, onlyReport, type User } from './lanner.ts'
import { type Ended, output } from './process.ts'
import { copyImage, type Registry, startRegistry } from './registry.ts'
import { type Relay, startRelay, type Trouble } from './relay.ts'
import { madeFolder, newFolder } from './suite.ts'

const rounds = 10

describe('bad registries, interruptions and full disks', () => {
  let image: DebianImage
  let registry: Registry
  let reference: string
  let expected: readonly Package[]
  let blob: string
  /** Milliseconds of an undisturbed scan. */
  let duration: number

  before(async () => {
    ;[image, registry] = await Promise.all([debianImage(), startRegistry(newFolder('registry'))])
    reference = `${registry.host}/debian:e2e`
    await copyImage(`oci:${image.layout}`, `docker://${reference}`)
    const user = newUser('undisturbed')
    await inventory(user, `oci:${image.layout}`, '--no-cache')
    const started = performance.now()
    const report = await inventory(user, reference)
    duration = performance.now() - started
    expected = report.packages
    blob = registry.blobPath(report.image?.layers[0]?.digest as string)
  })

  after(async () => {
    await registry?.stop()
  })

  test('a blob cut short, or changed in one byte, is no image; nothing of it is remembered', async () => {
    const user = newUser('damaged')
    const whole = `${blob}.whole`
    renameSync(blob, whole)
    try {
      for (const damage of [cutShort, changeOneByte]) {
        copyFileSync(whole, blob)
        await damage(blob)
        const ended = await lanner(user, ['scan', '--json', '--quiet', '--inventory', reference])
        assertExit(ended, 3)
        const report = onlyReport(JSON.parse(ended.stdout))
        assert.equal(report.state, 'not_assessable')
        assert.deepEqual(report.packages, [])
        assert.match(report.reasons[0]?.message ?? '', /sha256:[0-9a-f]{64}/)
        assert.deepEqual(cachedFiles(user), [])
      }
    } finally {
      renameSync(whole, blob)
    }
    await rightAgain(user)
  })

  test('a line that breaks once is taken up again where it broke', async () => {
    await withRelay({ after: 20_000_000, how: 'drop' }, async (relay) => {
      const report = await inventory(newUser('broken-line'), `${relay.host}/debian:e2e`, '--no-cache')
      await relay.struck
      assert.deepEqual(report.packages, expected)
    })
  })

  test('a registry that goes away half-way is named, and nothing is left', async () => {
    const user = newUser('vanished')
    await withRelay({ after: 20_000_000, how: 'vanish' }, async (relay) => {
      const ended = await lanner(user, [
        'scan',
        '--json',
        '--quiet',
        '--inventory',
        `${relay.host}/debian:e2e`,
      ])
      await relay.struck
      assertExit(ended, 3)
      const report = onlyReport(JSON.parse(ended.stdout))
      assert.equal(report.state, 'not_assessable')
      assert.ok(report.reasons[0]?.message.includes(relay.host), report.reasons[0]?.message)
    })
    assertTidy(user)
    await rightAgain(user)
  })

  test('Ctrl-C ends a scan that waits for a silent registry', async () => {
    const user = newUser('silent')
    await withRelay({ after: 20_000_000, how: 'stall' }, async (relay) => {
      const ended = await lanner(user, ['scan', '--quiet', '--inventory', `${relay.host}/debian:e2e`], {
        limit: 20_000,
        onStart: (child) => void relay.struck.then(() => child.kill('SIGINT')),
      })
      assertExit(ended, 130)
      assert.match(ended.stderr, /interrupted/)
    })
    assertTidy(user)
  })

  test(`Ctrl-C at ${rounds} moments: exit 130, nothing left, the next scan is right`, async () => {
    let interrupted = 0
    for (let round = 0; round < rounds; round++) {
      const user = newUser('interrupted')
      const moment = momentOf(round)
      const file = join(user.home, 'report.json')
      const ended = await struckAt(moment, 'SIGINT', user, ['--output', file, reference])
      const when = `at ${Math.round(moment)} of ${Math.round(duration)} ms`
      // Before Node has started us, the signal itself ends the process: a shell calls that 130, too.
      const by130 = ended.code === 130 || ended.signal === 'SIGINT'
      assert.ok(by130 || ended.code === 0, `${when}: exit ${ended.code} ${ended.stderr}`)
      if (by130) interrupted++
      assert.equal(existsSync(file), ended.code === 0, when)
      assert.deepEqual(readdirSync(user.home), ended.code === 0 ? ['report.json'] : [], when)
      assertTidy(user, when)
      await rightAgain(user, when)
    }
    assert.ok(interrupted >= rounds / 2, `${interrupted} of ${rounds} scans were interrupted`)
  })

  test(`killed at ${rounds} moments: whatever is in the cache, the next scan is right`, async () => {
    let killed = 0
    for (let round = 0; round < rounds; round++) {
      const user = newUser('killed')
      const moment = momentOf(round)
      const ended = await struckAt(moment, 'SIGKILL', user, [reference])
      if (ended.signal === 'SIGKILL') killed++
      const when = `at ${Math.round(moment)} of ${Math.round(duration)} ms`
      assert.deepEqual(readdirSync(user.temporary), [], when)
      await rightAgain(user, when)
    }
    assert.ok(killed >= rounds / 2, `${killed} of ${rounds} scans were killed`)
  })

  test('four scans at once share a cache', async () => {
    const user = newUser('together')
    const reports = await Promise.all(Array.from({ length: 4 }, () => inventory(user, reference)))
    for (const report of reports) assert.deepEqual(report.packages, expected)
    assertTidy(user)
    await rightAgain(user)
  })

  test('damaged files in the cache are read past', async () => {
    const user = newUser('rotten')
    await rightAgain(user)
    for (const name of cachedFiles(user)) {
      const path = join(user.cache, name)
      const content = readFileSync(path)
      for (const damaged of [content.subarray(0, content.length / 2), Buffer.alloc(0), flipped(content)]) {
        writeFileSync(path, damaged)
        await rightAgain(user, `${name} damaged`)
      }
    }
  })

  test('a cache on a full or read-only disk costs a warning, not the result', async () => {
    for (const options of ['size=16k', 'size=1m,ro']) {
      const user = newUser('full')
      await withSmallDisk(user.cache, options, async () => {
        const ended = await lanner(user, ['scan', '--json', '--inventory', reference])
        assertExit(ended, 0)
        assert.deepEqual(onlyReport(JSON.parse(ended.stdout)).packages, expected)
        assert.match(ended.stderr, /^warning: .*(?:cache|remember)/m, options)
        assert.deepEqual(
          cachedFiles(user).filter((name) => name.endsWith('.tmp')),
          [],
        )
      })
    }
  })

  test('results that cannot be written: told at once, exit 3, and what was there stays', async () => {
    const user = newUser('unwritable')
    const aFile = join(user.home, 'a-file')
    writeFileSync(aFile, 'a file, not a folder')
    for (const place of [join(user.home, 'no-such-folder', 'report.json'), join(aFile, 'report.json')]) {
      const ended = await lanner(user, ['scan', '--inventory', '--output', place, reference])
      assertExit(ended, 3)
      assert.ok(ended.stderr.includes(place), ended.stderr)
      assert.doesNotMatch(ended.stderr, /layer|unexpected error/)
    }
    const disk = madeFolder(user.home, 'disk')
    await withSmallDisk(disk, 'size=16k', async () => {
      const report = join(disk, 'report.json')
      writeFileSync(report, 'the report of yesterday')
      const ended = await lanner(user, ['scan', '--json', '--inventory', '--output', report, reference])
      assertExit(ended, 3)
      assert.ok(ended.stderr.includes(report), ended.stderr)
      assert.doesNotMatch(ended.stderr, /unexpected error/)
      assert.deepEqual(readdirSync(disk), ['report.json'])
      assert.equal(readFileSync(report, 'utf8'), 'the report of yesterday')
    })
  })

  test('an import that is killed leaves the store that was there', async () => {
    const user = newUser('import')
    const record = (id: string) => ({ id, ecosystem: 'Debian:12', name: 'openssl', fixed: '999:0' })
    const store = await importedStore(user, advisoryFolder([record('DSA-1-1')]))
    const many = advisoryFolder(Array.from({ length: 3000 }, (_, index) => record(`DSA-${index + 2}-1`)))
    const started = performance.now()
    await importedStore(user, many)
    const whole = performance.now() - started
    for (let round = 0; round < 5; round++) {
      const moment = (whole * (round + Math.random())) / 6
      const ended = await lanner(user, ['advisories', 'import', '--quiet', '--store', store, many], {
        onStart: (child) => void setTimeout(() => child.kill('SIGKILL'), moment),
      })
      // Struck just before its end, it may have put the new store in place: whole, like the old one.
      const ids = await findingIds(user, store)
      const when = `at ${Math.round(moment)} of ${Math.round(whole)} ms: exit ${ended.signal ?? ended.code}`
      if (ids.length === 1 && ended.code !== 0) assert.deepEqual(ids, ['DSA-1-1'], when)
      else assert.equal(ids.length, 3000, when)
    }
    assertExit(await lanner(user, ['advisories', 'import', '--quiet', '--store', store, many]), 0)
    assert.equal((await findingIds(user, store)).length, 3000)
  })

  /** Vulnerabilities of the openssl program. */
  async function findingIds(user: User, store: string): Promise<readonly string[]> {
    const ended = await lanner(user, ['scan', '--json', '--quiet', '--advisories', store, reference])
    assertExit(ended, 0)
    const report = onlyReport(JSON.parse(ended.stdout))
    return report.findings
      .filter((finding) => finding.package.startsWith('pkg:deb/debian/openssl@'))
      .map((finding) => finding.vulnerability.id)
  }

  /** Spread over the whole scan, at random within each share. */
  function momentOf(round: number): number {
    return (duration * (round + Math.random())) / rounds
  }

  function struckAt(
    moment: number,
    signal: NodeJS.Signals,
    user: User,
    args: readonly string[],
  ): Promise<Ended> {
    return lanner(user, ['scan', '--json', '--quiet', '--inventory', ...args], {
      onStart: (child) => void setTimeout(() => child.kill(signal), moment),
    })
  }

  async function rightAgain(user: User, when?: string): Promise<void> {
    const report: Report = await inventory(user, reference)
    assert.equal(report.state === 'assessed' || report.packages.length > 0, true, when)
    assert.deepEqual(report.packages, expected, when)
  }

  async function withRelay(trouble: Trouble, work: (relay: Relay) => Promise<void>): Promise<void> {
    const relay = await startRelay(registry.host, trouble)
    try {
      await work(relay)
    } finally {
      await relay.close()
    }
  }
})

function cutShort(path: string): void {
  truncateSync(path, 30_000_000)
}

async function changeOneByte(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    const byte = Buffer.alloc(1)
    await file.read(byte, 0, 1, 30_000_000)
    byte[0] = (byte[0] ?? 0) ^ 1
    await file.write(byte, 0, 1, 30_000_000)
  } finally {
    await file.close()
  }
}

function flipped(content: Buffer): Buffer {
  const copy = Buffer.from(content)
  const middle = copy.length >> 1
  copy[middle] = (copy[middle] ?? 0) ^ 0x20
  return copy
}

/** Files in the cache folder, with their folders. */
function cachedFiles(user: User): readonly string[] {
  return readdirSync(user.cache, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(user.cache.length + 1))
    .sort()
}

/** Nothing in TMPDIR, only whole files in the cache. */
function assertTidy(user: User, when?: string): void {
  assert.deepEqual(readdirSync(user.temporary), [], when)
  const unfinished = cachedFiles(user).filter(
    (name) => !/^(?:layers\/sha256-[0-9a-f]{64}\.[0-9a-f]+|images\/[0-9a-f]{64})$/.test(name),
  )
  assert.deepEqual(unfinished, [], when)
}

/** A tiny file system in place of the folder; who may not mount gets a folder that cannot be written to. */
async function withSmallDisk(folder: string, options: string, work: () => Promise<void>): Promise<void> {
  const mayMount = process.getuid?.() === 0
  if (mayMount) await output('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])
  else chmodSync(folder, 0o500)
  try {
    await work()
  } finally {
    if (mayMount) await output('umount', [folder])
    else chmodSync(folder, 0o700)
  }
}
