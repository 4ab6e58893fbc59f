import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type LayerEntry, LayerExtraction } from './extract-layer.ts'
import { defineExtractor, ExtractFault, type Extractor, MiB } from './extractor.ts'

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
  aliases?: ReadonlyMap<string, readonly string[]>,
) {
  const extraction = new LayerExtraction(extractors, aliases)
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
  assert.deepEqual(first.unread, [['b.pkgs', 'data']])
  assert.deepEqual(found(extract(entries, undefined, 5, new Map([['data', ['b.pkgs']]]))), ['b.pkgs: one 1'])
})
