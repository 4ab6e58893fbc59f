import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LayerExtraction } from './extract-layer.ts'
import { defineExtractor, ExtractFault, type Extractor, MiB } from './extractor.ts'
import type { LayerEntry } from './layer-entry.ts'
import type { ReadingNeed } from './reading-needs.ts'

/** `name version` a line. */
const lines = defineExtractor({
  id: 'test/lines',
  revision: 1,
  finds: 'lines',
  wants: { paths: ['**/*.pkgs'] },
  maxBytes: 1024,
  *extract(file) {
    for (const line of file.bytes.text().split('\n').filter(Boolean)) {
      if (line === 'broken') throw new ExtractFault('malformed', 'a broken line')
      const [name, version] = line.split(' ')
      yield { kind: 'package', type: 'generic', name, version, confidence: 'declared' }
    }
  },
})

const owners = defineExtractor({
  id: 'test/owners',
  revision: 1,
  finds: 'owners',
  wants: { paths: ['db/*.files'] },
  maxBytes: MiB,
  *extract(file) {
    yield {
      kind: 'ownership',
      owner: file.path.replace(/^db\/|\.files$/g, ''),
      paths: file.bytes.text().split('\n'),
    }
  },
})

const programs = defineExtractor({
  id: 'test/programs',
  revision: 1,
  finds: 'programs',
  wants: { executables: true },
  maxBytes: MiB,
  *extract(file) {
    yield {
      kind: 'package',
      type: 'generic',
      name: `program-of-${file.size}`,
      version: '1',
      confidence: 'matched',
    }
  },
})

type Entry = readonly [
  path: string,
  content: string | Buffer | { hardlink: string } | { folder: true } | { symlink: string },
]

function extract(
  entries: readonly Entry[],
  extractors: readonly Extractor[] = [lines, owners, programs],
  step = 5,
  needs?: readonly ReadingNeed[],
) {
  const extraction = new LayerExtraction(extractors, needs)
  for (const [path, content] of entries) {
    const data = typeof content === 'string' || Buffer.isBuffer(content) ? Buffer.from(content) : undefined
    const other = data ? undefined : (content as { hardlink?: string; folder?: true })
    const entry: LayerEntry = {
      path,
      type: data ? 'file' : other?.hardlink ? 'hardlink' : other?.folder ? 'directory' : 'symlink',
      mode: 0o644,
      size: data?.length ?? 0,
      ...(other?.hardlink ? { link: other.hardlink } : {}),
    }
    const sink = extraction.entry(entry)
    if (!data || !sink) continue
    for (let offset = 0; offset < data.length; offset += step)
      sink.write(data.subarray(offset, offset + step), offset)
    sink.end()
  }
  return extraction.finish()
}

const found = (inventory: ReturnType<typeof extract>) =>
  inventory.evidence.flatMap(({ path, packages }) =>
    packages.map(({ name, version }) => `${path}: ${name} ${version}`),
  )

test('only wanted files are read, and the last of two entries counts', () => {
  const inventory = extract([
    ['a.pkgs', 'old 1'],
    ['b.txt', 'b 1'],
    ['a.pkgs', 'new 2\nmore 3'],
  ])
  assert.deepEqual(found(inventory), ['a.pkgs: new 2', 'a.pkgs: more 3'])
})

test('a symlink in the place of a file takes its evidence away', () => {
  assert.deepEqual(
    found(
      extract([
        ['a.pkgs', 'old 1'],
        ['a.pkgs', { symlink: 'elsewhere' }],
      ]),
    ),
    [],
  )
})

test('whiteouts and opaque markers are kept apart from names', () => {
  const { whiteouts, opaque, names } = extract([
    ['etc', { folder: true }],
    ['etc/.wh.hosts', ''],
    ['.wh.top', ''],
    ['etc/d/.wh..wh..opq', ''],
    ['.wh..wh.plnk', ''],
    ['etc/kept', 'x'],
  ])
  assert.deepEqual(whiteouts, ['etc/hosts', 'top'])
  assert.deepEqual(opaque, ['etc/d'])
  assert.deepEqual([...names], ['etc/', 'etc/kept'])
})

test('what was yielded before a fault stays, beside the problem', () => {
  const [evidence] = extract([['a.pkgs', 'good 1\nbroken\nnever 2']]).evidence
  assert.deepEqual(
    evidence.packages.map(({ name }) => name),
    ['good'],
  )
  assert.deepEqual(evidence.problems, [{ code: 'unreadable-evidence', message: 'a.pkgs: a broken line' }])
})

test('a file above the bound is a problem that names the bound', () => {
  const [evidence] = extract([['a.pkgs', 'x'.repeat(2000)]], [lines], 999).evidence
  assert.equal(evidence.problems?.[0].code, 'limit-exceeded')
  assert.match(evidence.problems?.[0].message ?? '', /a\.pkgs has 2000 bytes; test\/lines reads at most 1024/)
})

test('executables are known by their magic, whatever their name; a Java class is none', () => {
  const elf = Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46]), Buffer.alloc(96)])
  const java = Buffer.concat([Buffer.from([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 52]), Buffer.alloc(92)])
  const fat = Buffer.concat([Buffer.from([0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2]), Buffer.alloc(90)])
  for (const step of [1, 3, 1000]) {
    assert.deepEqual(
      found(
        extract(
          [
            ['bin/x', elf],
            ['A.class', java],
            ['y', fat],
            ['z', 'MZ'],
          ],
          undefined,
          step,
        ),
      ),
      ['bin/x: program-of-100 1', 'y: program-of-98 1'],
    )
  }
})

test('owned paths are kept where a name or a finding makes them matter, in either order', () => {
  const elf = Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46]), Buffer.alloc(96)])
  const { owned } = extract([
    ['db/first.files', '/opt/a.pkgs\n/usr/bin/tool\n/usr/share/doc/readme'],
    ['usr/bin/tool', elf],
    ['usr/bin/late', elf],
    ['db/second.files', './usr/bin/late\nother'],
  ])
  assert.deepEqual(owned, { 'opt/a.pkgs': 'first', 'usr/bin/tool': 'first', 'usr/bin/late': 'second' })
})

test('files listed by names from before /usr was merged are owned under /usr, unless another package says so', () => {
  const program = Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46]), Buffer.alloc(60)])
  const { owned } = extract([
    ['usr/bin/tool', program],
    ['usr/lib64/taken', program],
    ['usr/lib/a.pkgs', 'a 1'],
    ['usr/opt/own', program],
    ['db/old.files', '/bin/tool\n/lib64/taken\n/lib/a.pkgs\n/opt/own'],
    ['db/new.files', '/usr/lib64/taken'],
  ])
  assert.deepEqual(owned, {
    'usr/bin/tool': 'old',
    'lib/a.pkgs': 'old',
    'usr/lib/a.pkgs': 'old',
    'usr/lib64/taken': 'new',
  })
})

test('a hard link to a file that was read has its content', () => {
  assert.deepEqual(
    found(
      extract([
        ['a.pkgs', 'one 1'],
        ['b.pkgs', { hardlink: 'a.pkgs' }],
      ]),
    ),
    ['a.pkgs: one 1', 'b.pkgs: one 1'],
  )
})

test('a hard link to a file that nobody wanted is read on a second pass', () => {
  const entries: Entry[] = [
    ['data', 'one 1'],
    ['b.pkgs', { hardlink: 'data' }],
  ]
  const first = extract(entries)
  assert.deepEqual(first.unread, [{ path: 'data', links: ['b.pkgs'], ranges: [] }])
  const second = extract(entries, undefined, 5, first.unread)
  assert.deepEqual(found(second), ['b.pkgs: one 1'])
  assert.deepEqual(second.unread, [])
})

/** A version at every offset that the file's head lists. */
const places = defineExtractor({
  id: 'test/places',
  revision: 1,
  finds: 'places',
  wants: { paths: ['**/*.places'], anchors: [Buffer.from('ANCHOR')] },
  maxBytes: MiB,
  *extract({ bytes }) {
    const head = bytes.slice(0, 64).toString('latin1')
    for (const [, start, end] of head.matchAll(/(\d+)-(\d+)/g)) {
      const version = String(bytes.slice(Number(start), Number(end)).length)
      yield { kind: 'package', type: 'generic', name: start, version, confidence: 'embedded' }
    }
  },
})

function large(head: string): Buffer {
  const content = Buffer.alloc(24 * MiB, 0x2e)
  content.write(head)
  content.write('ANCHOR', 20 * MiB)
  return content
}

test('of a file above the bound the ends and what follows an anchor are read, by whoever names anchors', () => {
  const end = 24 * MiB
  const content = large(`0-9 ${20 * MiB}-${20 * MiB + 5} ${end - 7}-${end}`)
  const inventory = extract([['a.places', content]], [places], MiB)
  assert.deepEqual(
    inventory.evidence[0].packages.map(({ version }) => version),
    ['9', '5', '7'],
  )
  assert.deepEqual(inventory.unread, [])
})

test('what windows missed is a problem, and a need of the next reading', () => {
  const entries: Entry[] = [['a.places', large(`${4 * MiB}-${6 * MiB} ${9 * MiB}-${9 * MiB + 1}`)]]
  const first = extract(entries, [places], MiB)
  assert.equal(first.evidence[0].problems?.length, 1)
  assert.equal(first.unread.length, 1)
  const second = extract(entries, [places], MiB, first.unread)
  assert.deepEqual(found(second), [`a.places: ${4 * MiB} ${2 * MiB}`])
  const third = extract(entries, [places], MiB, second.unread)
  assert.deepEqual(found(third), [`a.places: ${4 * MiB} ${2 * MiB}`, `a.places: ${9 * MiB} 1`])
  assert.equal(third.evidence[0].problems, undefined)
  assert.deepEqual(third.unread, [])
})

test('a need above the bound, or one that a reading was prepared for, makes no further reading', () => {
  const wide = extract([['a.places', large(`${2 * MiB}-${19 * MiB}`)]], [places], MiB)
  assert.equal(wide.evidence[0].problems?.length, 1)
  assert.deepEqual(wide.unread, [])
  const need = { path: 'a.places', links: [], ranges: [{ start: 3 * MiB, end: 7 * MiB }] }
  const extraction = new LayerExtraction([places], [need])
  const content = large(`${4 * MiB}-${6 * MiB}`)
  const sink = extraction.entry({ path: 'a.places', type: 'file', mode: 0o644, size: content.length })
  // A hole of a sparse file: it never comes by.
  sink?.write(content.subarray(0, MiB), 0)
  sink?.end()
  const { evidence, unread } = extraction.finish()
  assert.equal(evidence[0].problems?.length, 1)
  assert.deepEqual(unread, [])
})

test('a package with an absurdly long text is a problem, and the others stay', () => {
  const long = defineExtractor({
    ...lines,
    *extract() {
      for (const name of ['x'.repeat(5000), 'short'])
        yield { kind: 'package', type: 'generic', name, version: '1', confidence: 'declared' }
    },
  })
  const [evidence] = extract([['a.pkgs', '']], [long]).evidence
  assert.deepEqual(
    evidence.packages.map(({ name }) => name),
    ['short'],
  )
  assert.match(evidence.problems?.[0].message ?? '', /over 4096 characters/)
})

test('torn files beyond a thousand are counted, not told one by one', () => {
  const { evidence, problems } = extract(
    Array.from({ length: 1200 }, (_, at): Entry => [`${at}.pkgs`, 'broken']),
  )
  assert.equal(evidence.flatMap(({ problems: told }) => told ?? []).length, 1000)
  assert.deepEqual(problems, [
    { code: 'unreadable-evidence', message: '200 more files could not be read, or only in part' },
  ])
})

test('a bare whiteout prefix removes nothing', () => {
  assert.deepEqual(extract([['d/.wh.', '']]).whiteouts, [])
})

test('a file that has many names is read once for all of them', () => {
  let reads = 0
  const counting = defineExtractor({
    ...lines,
    *extract(file) {
      reads++
      yield* lines.extract(file)
    },
  })
  const names = Array.from({ length: 1000 }, (_, at): Entry => [`${at}.pkgs`, { hardlink: 'data' }])
  const first = extract([['data', 'one 1'], ...names], [counting])
  const again = extract([['data', 'one 1'], ...names], [counting], 5, first.unread)
  assert.equal(found(again).length, 1000)
  assert.equal(reads, 1)
})

test('an owner whose name or path looks like a mark of ours stays what it is', () => {
  const elf = Buffer.concat([Buffer.from([0x7f, 0x45, 0x4c, 0x46]), Buffer.alloc(96)])
  const { owned } = extract([
    ['db/real.files', '/:fake\n//fake\n./usr/bin/tool'],
    ['usr/bin/tool', elf],
  ])
  assert.deepEqual(owned, { 'usr/bin/tool': 'real' })
})

test('a layer that removes more than a million paths is refused', () => {
  const extraction = new LayerExtraction([])
  const remove = (at: number) => extraction.entry({ path: `.wh.${at}`, type: 'file', mode: 0, size: 0 })
  for (let at = 0; at < 1_000_000; at++) remove(at)
  assert.throws(() => remove(1_000_000), { code: 'limit-exceeded', message: /more than 1000000 paths/ })
})
