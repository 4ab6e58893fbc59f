import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { padded, paxRecord, sealHeader, tar, tarHeader, temporaryFolder } from '@lanner/testkit'
import type { BodySink, TarEntry } from './entry.ts'
import { LayerFault } from './layer-fault.ts'
import { TarWalker } from './tar-walker.ts'

interface Walked extends TarEntry {
  /** The expanded content. */
  readonly content: Buffer
}

/** Walks the archive in chunks of `step` bytes and puts the bodies together. */
function walk(archive: Buffer, step = archive.length, maxEntries = 1000): Walked[] {
  const walked: Walked[] = []
  const walker = new TarWalker(
    {
      entry(entry): BodySink {
        const content = Buffer.alloc(entry.size)
        let ended = false
        walked.push({ ...entry, content })
        return {
          write(part, offset) {
            assert.equal(ended, false)
            assert.ok(offset + part.length <= entry.size)
            part.copy(content, offset)
          },
          end() {
            assert.equal(ended, false)
            ended = true
          },
        }
      },
    },
    { maxEntries },
    'test archive',
  )
  for (let at = 0; at < archive.length; at += step) walker.push(archive.subarray(at, at + step))
  walker.end()
  assert.equal(walker.entries, walked.length)
  return walked
}

const refused = (code: LayerFault['code'], message: RegExp) => (error: unknown) =>
  error instanceof LayerFault && error.code === code && message.test(error.message)

const body = (text: string) => padded(Buffer.from(text))
const end = Buffer.alloc(1024)
const paths = (walked: readonly Walked[]) => walked.map((entry) => entry.path)

test('reads every type of entry, with mode, link and content', () => {
  const archive = tar([
    { path: 'etc/' },
    { path: 'etc/passwd', content: 'root:x:0:0\n', mode: 0o4755 },
    { path: 'etc/link', type: 'symlink', link: '../passwd' },
    { path: 'etc/hard', type: 'hardlink', link: 'etc/passwd' },
    { path: 'dev/null', type: 'character' },
    { path: 'dev/sda', type: 'block' },
    { path: 'run/pipe', type: 'fifo' },
    { path: `${'long/'.repeat(40)}ä€`, content: 'x' },
  ])
  for (const step of [1, 7, 511, 512, 513, 777, archive.length]) {
    assert.deepEqual(
      walk(archive, step).map(({ content, ...entry }) => ({ ...entry, content: content.toString() })),
      [
        { path: 'etc/', type: 'directory', mode: 0o755, size: 0, content: '' },
        { path: 'etc/passwd', type: 'file', mode: 0o4755, size: 11, content: 'root:x:0:0\n' },
        { path: 'etc/link', type: 'symlink', link: '../passwd', mode: 0o644, size: 0, content: '' },
        { path: 'etc/hard', type: 'hardlink', link: 'etc/passwd', mode: 0o644, size: 0, content: '' },
        { path: 'dev/null', type: 'character', mode: 0o644, size: 0, content: '' },
        { path: 'dev/sda', type: 'block', mode: 0o644, size: 0, content: '' },
        { path: 'run/pipe', type: 'fifo', mode: 0o644, size: 0, content: '' },
        { path: `${'long/'.repeat(40)}ä€`, type: 'file', mode: 0o644, size: 1, content: 'x' },
      ],
      `in steps of ${step}`,
    )
  }
})

test('hands out parts of the chunk itself, and nothing for what nobody wants', () => {
  const archive = tar([
    { path: 'a', content: 'first' },
    { path: 'b', content: 'second' },
  ])
  const parts: Buffer[] = []
  const walker = new TarWalker(
    { entry: ({ path }) => (path === 'b' ? { write: (part) => parts.push(part), end() {} } : undefined) },
    { maxEntries: 2 },
  )
  walker.push(archive)
  walker.end()
  assert.equal(parts.length, 1)
  assert.equal(parts[0].buffer, archive.buffer)
})

test('bodies that nobody wants can be skipped', () => {
  const archive = tar([
    { path: 'a', content: 'x'.repeat(5000) },
    { path: 'b', content: 'y' },
  ])
  const starts: number[] = []
  const walker = new TarWalker({ entry: () => void starts.push(walker.body.start) }, { maxEntries: 2 })
  walker.push(archive.subarray(0, 600))
  assert.equal(walker.unwanted, 512 + 5120 - 600)
  walker.skip(4000)
  walker.skip(walker.unwanted)
  assert.throws(() => walker.skip(1), RangeError)
  walker.push(archive.subarray(512 + 5120))
  walker.end()
  assert.deepEqual(starts, [512, 512 + 5120 + 512])
})

test('a name that is not UTF-8 is read as latin1', () => {
  const header = tarHeader('bad?name', '0', 0)
  header[3] = 0xfd
  assert.deepEqual(paths(walk(Buffer.concat([sealHeader(header), end]))), ['badýname'])
})

test('GNU long names and links hold for the next entry only', () => {
  const archive = Buffer.concat([
    tarHeader('././@LongLink', 'L', 151),
    body(`${'n'.repeat(150)}\0`),
    tarHeader('././@LongLink', 'K', 121),
    body(`${'t'.repeat(120)}\0`),
    tarHeader('short', '2', 0, 0o777, 'target'),
    tarHeader('next', '2', 0, 0o777, 'there'),
    end,
  ])
  assert.deepEqual(
    walk(archive, 100).map(({ path, link }) => [path, link]),
    [
      ['n'.repeat(150), 't'.repeat(120)],
      ['next', 'there'],
    ],
  )
})

test('a PAX header names and sizes the next entry only', () => {
  const records = Buffer.from(
    paxRecord('path', 'päx/ä') +
      paxRecord('size', '3') +
      paxRecord('mtime', '1.5') +
      paxRecord('SCHILY.xattr.a', 'b\nc=d'),
  )
  const archive = Buffer.concat([
    tarHeader('x', 'x', records.length),
    padded(records),
    tarHeader('ignored', '0', 0),
    body('abc'),
    tarHeader('next', '0', 0),
    end,
  ])
  assert.deepEqual(
    walk(archive, 77).map(({ path, content }) => [path, content.toString()]),
    [
      ['päx/ä', 'abc'],
      ['next', ''],
    ],
  )
})

test('a global PAX header names and sizes nothing, as in the readers that runtimes use', () => {
  const records = Buffer.from(paxRecord('path', 'everything') + paxRecord('size', '1024'))
  const archive = Buffer.concat([
    tarHeader('g', 'g', records.length),
    padded(records),
    tarHeader('a', '0', 1),
    body('1'),
    end,
  ])
  assert.deepEqual(paths(walk(archive)), ['a'])
})

test('an old directory is a file whose name ends in a slash', () => {
  const header = tarHeader('old/', '\0', 0)
  header.fill(0, 257, 265)
  assert.equal(walk(Buffer.concat([sealHeader(header), end]))[0].type, 'directory')
})

test('links and directories have no body whatever their size says', () => {
  const archive = Buffer.concat([
    tarHeader('hard', '1', 4096, 0o644, 'target'),
    tarHeader('dir/', '5', 4096),
    tarHeader('file', '0', 2),
    body('ok'),
    end,
  ])
  assert.deepEqual(paths(walk(archive)), ['hard', 'dir/', 'file'])
})

test('sizes in base 256 are read', () => {
  const header = tarHeader('big', '0', 0)
  header.fill(0, 124, 136)
  header[124] = 0x80
  header[134] = 0x02
  assert.equal(walk(Buffer.concat([sealHeader(header), Buffer.alloc(512, 'x'), end]))[0].size, 512)
})

test('a checksum over signed bytes is accepted', () => {
  const header = tarHeader('\u00e9', '0', 0)
  let sum = 8 * 0x20
  for (let at = 0; at < 512; at++) if (at < 148 || at >= 156) sum += header.readInt8(at)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  assert.deepEqual(paths(walk(Buffer.concat([header, end]))), ['é'])
})

test('one block of zeros ends nothing, two end the archive', () => {
  const one = Buffer.concat([tarHeader('a', '0', 0), Buffer.alloc(512), tarHeader('b', '0', 0), end])
  assert.deepEqual(paths(walk(one)), ['a', 'b'])
  const two = Buffer.concat([
    tarHeader('a', '0', 0),
    end,
    tarHeader('.wh.a', '0', 0),
    Buffer.from('not a header'),
  ])
  assert.deepEqual(paths(walk(two)), ['a'])
})

test('the end marker may be missing, an entry may not end early', () => {
  assert.deepEqual(paths(walk(Buffer.alloc(0))), [])
  assert.deepEqual(paths(walk(Buffer.concat([tarHeader('a', '0', 1), body('1')]))), ['a'])
  const inBody = Buffer.concat([tarHeader('a', '0', 600), Buffer.alloc(599)])
  assert.throws(() => walk(inBody), refused('truncated', /ends inside entry 1, at byte 1111/))
  const inHeader = Buffer.concat([tarHeader('a', '0', 0), Buffer.alloc(100)])
  assert.throws(() => walk(inHeader, 64), refused('truncated', /ends inside a header, at byte 612/))
  const inName = Buffer.concat([tarHeader('x', 'L', 300), Buffer.alloc(200)])
  assert.throws(() => walk(inName), refused('truncated', /inside/))
})

const malformed: readonly (readonly [
  name: string,
  archive: () => Buffer,
  code: LayerFault['code'],
  message: RegExp,
])[] = [
  ['text', () => Buffer.alloc(512, 'hello '), 'corrupt', /no tar header at byte 0/],
  [
    'a changed header',
    () => {
      const archive = tar([{ path: 'a' }, { path: 'b' }])
      archive[512] ^= 1
      return archive
    },
    'corrupt',
    /no tar header at byte 512/,
  ],
  [
    'a negative size',
    () => {
      const header = tarHeader('a', '0', 0)
      header.fill(0xff, 124, 136)
      return sealHeader(header)
    },
    'corrupt',
    /no valid size/,
  ],
  [
    'a size beyond 2^53',
    () => {
      const header = tarHeader('a', '0', 0)
      header[124] = 0x80
      header.fill(0xff, 126, 136)
      return sealHeader(header)
    },
    'corrupt',
    /no valid size/,
  ],
  [
    'an endless PAX header',
    () => tarHeader('x', 'x', 2 ** 30),
    'limit-exceeded',
    /PAX header of 1073741824 bytes/,
  ],
  [
    'an endless long name',
    () => tarHeader('x', 'L', 2 ** 30),
    'limit-exceeded',
    /long name of 1073741824 bytes/,
  ],
  ...[
    '7 path',
    '99999999999 path=a\n',
    '9 path=abc\n',
    '5 =a\n',
    'path=a\n',
    '0 a=b\n',
    '11 size=-12\n',
    '11 size=1e3\n',
  ].map(
    (record) =>
      [
        `the PAX record ${JSON.stringify(record)}`,
        () => Buffer.concat([tarHeader('x', 'x', record.length), body(record), tarHeader('a', '0', 0)]),
        'corrupt',
        /PAX header .* malformed/,
      ] as const,
  ),
  [
    'a PAX path with NUL',
    () => {
      const record = paxRecord('path', 'a\0b')
      return Buffer.concat([tarHeader('x', 'x', record.length), body(record)])
    },
    'corrupt',
    /path holds NUL/,
  ],
]

for (const [name, archive, code, message] of malformed) {
  test(`${name} is refused as ${code}`, () => {
    assert.throws(() => walk(archive()), refused(code, message))
    assert.throws(() => walk(archive(), 100), refused(code, message))
  })
}

test('more entries than allowed are refused', () => {
  const archive = tar([{ path: 'a' }, { path: 'b' }, { path: 'c' }])
  assert.equal(walk(archive, 512, 3).length, 3)
  assert.throws(() => walk(archive, 512, 2), refused('limit-exceeded', /more than 2 entries/))
})

/** An entry with PAX sparse keywords and what is stored of it. */
function paxSparse(records: readonly (readonly [string, string])[], stored: Buffer): Buffer {
  const text = Buffer.from(
    records.map(([keyword, value]) => paxRecord(`GNU.sparse.${keyword}`, value)).join(''),
  )
  return Buffer.concat([
    tarHeader('x', 'x', text.length),
    padded(text),
    tarHeader('stored', '0', stored.length),
    padded(stored),
    end,
  ])
}

const sparseRefusals: readonly (readonly [
  name: string,
  records: readonly (readonly [string, string])[],
  stored: string,
])[] = [
  [
    'overlapping regions',
    [
      ['size', '9'],
      ['numblocks', '2'],
      ['map', '0,3,2,3'],
    ],
    'abcdef',
  ],
  [
    'regions beyond the file',
    [
      ['size', '9'],
      ['numblocks', '1'],
      ['map', '8,2'],
    ],
    'ab',
  ],
  [
    'fewer bytes than regions',
    [
      ['size', '9'],
      ['numblocks', '1'],
      ['map', '0,3'],
    ],
    'ab',
  ],
  [
    'more bytes than regions',
    [
      ['size', '9'],
      ['numblocks', '1'],
      ['map', '0,3'],
    ],
    'abcd',
  ],
  [
    'another number of regions',
    [
      ['size', '9'],
      ['numblocks', '2'],
      ['map', '0,3'],
    ],
    'abc',
  ],
  [
    'half a region',
    [
      ['size', '9'],
      ['map', '0,3,5'],
    ],
    'abc',
  ],
  [
    'a textual map without numbers',
    [
      ['major', '1'],
      ['minor', '0'],
      ['realsize', '9'],
    ],
    'x\n',
  ],
  [
    'a textual map that ends early',
    [
      ['major', '1'],
      ['minor', '0'],
      ['realsize', '9'],
    ],
    '2\n0\n',
  ],
  [
    'a textual map without padding',
    [
      ['major', '1'],
      ['minor', '0'],
      ['realsize', '9'],
    ],
    '1\n0\n3\nabc',
  ],
  [
    'a textual map that promises millions',
    [
      ['major', '1'],
      ['minor', '0'],
      ['realsize', '9'],
    ],
    '99999999\n',
  ],
]

for (const [name, records, stored] of sparseRefusals) {
  test(`a sparse entry with ${name} is corrupt`, () => {
    assert.throws(() => walk(paxSparse(records, Buffer.from(stored))), refused('corrupt', /sparse/))
    assert.throws(() => walk(paxSparse(records, Buffer.from(stored)), 3), refused('corrupt', /sparse/))
  })
}

test('a sparse version that is not known is read as an ordinary file', () => {
  const archive = paxSparse(
    [
      ['major', '2'],
      ['minor', '0'],
      ['name', 'real'],
      ['realsize', '9'],
    ],
    Buffer.from('abc'),
  )
  assert.deepEqual(
    walk(archive).map(({ path, size }) => [path, size]),
    [['stored', 3]],
  )
})

const gnuTar = spawnSync('tar', ['--version'], { encoding: 'utf8' }).stdout?.startsWith('tar (GNU tar)')
const withoutGnuTar = !gnuTar && 'needs GNU tar'

const formats: readonly (readonly string[])[] = [
  ['--format=v7'],
  ['--format=ustar'],
  ['--format=oldgnu'],
  ['--format=gnu'],
  ['--format=pax'],
  ['--format=posix', '--pax-option=globexthdr.name=global,comment=none'],
  ['--format=oldgnu', '--sparse'],
  ['--format=gnu', '--sparse'],
  ['--format=pax', '--sparse', '--sparse-version=0.0'],
  ['--format=pax', '--sparse', '--sparse-version=0.1'],
  ['--format=pax', '--sparse', '--sparse-version=1.0'],
]

test('reads what GNU tar writes, in all its formats', { skip: withoutGnuTar }, async (t) => {
  await using folder = await temporaryFolder()
  const tree = join(folder.path, 'tree')
  await mkdir(join(tree, 'sub'), { recursive: true })
  await writeFile(join(tree, 'plain.txt'), 'plain\n')
  await writeFile(join(tree, 'empty'), '')
  await writeFile(join(tree, 'sub', 'block'), 'b'.repeat(512))
  await symlink('../plain.txt', join(tree, 'sub', 'link'))
  await writeFile(join(tree, 'sparse'), '')
  // Holes and data in turn: enough regions for an extension block of the old format.
  const image = Buffer.alloc(64 * 65536 + 1000)
  for (let region = 0; region < 32; region++)
    image.fill(97 + (region % 26), region * 131072, region * 131072 + 4096)
  await writeSparse(join(tree, 'sparse'), image)
  const names: Record<string, string | Buffer> = {
    'plain.txt': 'plain\n',
    empty: '',
    'sub/block': 'b'.repeat(512),
    sparse: image,
  }
  for (const options of formats) {
    await t.test(options.join(' '), async () => {
      const long = `sub/${'l'.repeat(options[0] === '--format=v7' ? 60 : 120)}`
      const longPath = options[0] === '--format=ustar' ? `${'d'.repeat(90)}/${'l'.repeat(90)}` : long
      await mkdir(join(tree, longPath, '..'), { recursive: true })
      await writeFile(join(tree, longPath), 'long')
      const listed = [...Object.keys(names), 'sub/link', longPath]
      const file = join(folder.path, 'archive.tar')
      execFileSync('tar', ['-cf', file, '-C', tree, ...options, ...listed])
      const archive = await readFile(file)
      for (const step of [777, 65536]) {
        const walked = walk(archive, step)
        assert.deepEqual(paths(walked), listed)
        for (const { path, type, link, content } of walked) {
          if (path === 'sub/link') assert.deepEqual([type, link], ['symlink', '../plain.txt'])
          else {
            const expected = path === longPath ? 'long' : names[path]
            assert.equal(type, 'file')
            assert.equal(sha256(content), sha256(Buffer.from(expected)), `${path} in steps of ${step}`)
          }
        }
      }
      if (options.includes('--sparse'))
        assert.ok(archive.length < image.length / 4, 'the archive is not sparse')
    })
  }
})

async function writeSparse(path: string, image: Buffer): Promise<void> {
  await truncate(path, image.length)
  const { open } = await import('node:fs/promises')
  await using file = await open(path, 'r+')
  for (let at = 0; at < image.length; at += 131072) {
    if (image[at] !== 0) await file.write(image, at, 4096, at)
  }
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}
