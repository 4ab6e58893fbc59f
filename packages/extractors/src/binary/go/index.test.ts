import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { RetainedBytes } from '../../chunks.ts'
import { type Extractor, MiB, type PackageObservation } from '../../extractor.ts'
import { elfFixture, fatFixture, machOFixture, peFixture } from '../../formats/executable.fixture.ts'
import { inlineBuildInfo, pointedBuildInfo } from '../../formats/go-buildinfo.fixture.ts'
import { parseGoModules } from '../../formats/go-buildinfo-modules.ts'
import { touching } from '../touching.fixture.ts'
import { go } from './index.ts'

function namesIn(bytes: RetainedBytes, extractor: Extractor = go): string[] {
  return packagesIn(bytes, extractor).map(nameOf)
}

function packagesIn(bytes: RetainedBytes, extractor: Extractor = go): PackageObservation[] {
  const observations = [...extractor.extract({ path: 'app', size: bytes.size, mode: 0o755, bytes })]
  return observations.filter((observation) => observation.kind === 'package')
}

function nameOf({ type, namespace, name, version }: PackageObservation): string {
  return `${type === 'golang' ? '' : `${type}:`}${namespace ? `${namespace}/` : ''}${name} ${version}`
}

const modules = [
  'path\texample.org/team/app/cmd/app',
  'mod\texample.org/team/app\t(devel)\t',
  'dep\texample.org/b\tv0.1.0\th1:BBBB=',
  'dep\texample.org/c\tv0.2.0\t',
  '=>\texample.org/fork/c\tv0.2.1\th1:CCCC=',
  'dep\texample.org/d\tv0.3.0\t',
  '=>\t../d\t(devel)\t',
  'build\t-ldflags="-s -w -X main.version=1.4.0"',
  'build\tvcs.revision=638f845a18e8c1e0d72befed7113d9546deb5d75',
  '',
].join('\n')
const expected = [
  'stdlib 1.22.1',
  'example.org/team/app v1.4.0',
  'example.org/b v0.1.0',
  'example.org/fork/c v0.2.1',
  'example.org/d (devel)',
]
const info = inlineBuildInfo('go1.22.1 X:loopvar', modules)

test('yields the standard library, the main module and what was built in place of dependencies', () => {
  assert.deepEqual(
    namesIn(RetainedBytes.of(elfFixture([{ name: '.go.buildinfo', content: info }]))),
    expected,
  )
  assert.deepEqual(namesIn(RetainedBytes.of(peFixture([{ name: '.data', content: info }]))), expected)
  assert.deepEqual(
    namesIn(RetainedBytes.of(machOFixture([{ name: '__go_buildinfo', content: info }]))),
    expected,
  )
})

test('the programs of a universal file are one', () => {
  const slice = machOFixture([{ name: '__go_buildinfo', content: info }])
  const other = machOFixture([{ name: '__go_buildinfo', content: inlineBuildInfo('go1.22.1', '') }])
  assert.deepEqual(namesIn(RetainedBytes.of(fatFixture([slice, slice]))), expected)
  assert.deepEqual(namesIn(RetainedBytes.of(fatFixture([slice, other]))), [...expected, 'stdlib 1.22.1'])
})

function programOf(version: string, lines: string): RetainedBytes {
  return RetainedBytes.of(elfFixture([{ name: '.go.buildinfo', content: inlineBuildInfo(version, lines) }]))
}

test('a main module without a version keeps its revision', () => {
  const [, main] = packagesIn(
    programOf('go1.20', 'mod\texample.org/a\t(devel)\nbuild\tvcs.revision=abc123\n'),
  )
  assert.deepEqual([main.version, main.qualifiers], ['(devel)', { vcs_revision: 'abc123' }])
})

test('snapshots of Go have no release', () => {
  assert.deepEqual(namesIn(programOf('devel go1.23-0b6fd2b Tue', '')), ['stdlib devel go1.23-0b6fd2b Tue'])
})

test('the go command is the toolchain', () => {
  assert.deepEqual(namesIn(programOf('go1.19.8', 'path\tcmd/go\n')), ['stdlib 1.19.8', 'toolchain 1.19.8'])
})

test('a well-known server is also named by its product', () => {
  const lines =
    'path\tgithub.com/traefik/traefik/v3/cmd/traefik\nmod\tgithub.com/traefik/traefik/v3\tv3.1.2\n'
  assert.deepEqual(namesIn(programOf('go1.22.4', lines)), [
    'stdlib 1.22.4',
    'github.com/traefik/traefik/v3 v3.1.2',
    'generic:traefik 3.1.2',
  ])
  const library = 'mod\tgithub.com/traefik/traefik/v3/plugins\tv3.1.2\n'
  assert.equal(namesIn(programOf('go1.22.4', library)).length, 2)
})

const others: readonly [what: string, content: Buffer | string][] = [
  ['a script', '#!/bin/sh\n'],
  ['nothing', ''],
  ['a program that is not Go', elfFixture([{ name: '.text', content: Buffer.alloc(64), address: 0x1000 }])],
  [
    'a stripped program that is not Go',
    elfFixture([{ name: '.data', content: Buffer.alloc(64), address: 0x1000 }], { listed: false }),
  ],
]
for (const [what, content] of others) {
  test(`${what}: nothing and no fault`, () => {
    assert.deepEqual(namesIn(RetainedBytes.of(content)), [])
  })
}

test('malformed: a section list that cannot be read is a fault, unless the data hold the answer', () => {
  const hidden = elfFixture([{ name: '.data', content: Buffer.alloc(64), address: 0x1000 }])
  hidden.writeUInt16LE(0xffff, 60)
  assert.throws(() => namesIn(RetainedBytes.of(hidden)), {
    code: 'truncated',
    message: /ELF section headers/,
  })
  const plain = elfFixture([{ name: '.data', content: info, address: 0x1000 }])
  plain.writeUInt16LE(0xffff, 60)
  assert.deepEqual(namesIn(RetainedBytes.of(plain)), expected)
})

test('a packed program is not read, and says so', () => {
  const stub = { name: 'stub', content: Buffer.from('\x11\x22\x33\x44UPX!', 'latin1'), address: 0x1000 }
  const elf = RetainedBytes.of(elfFixture([stub], { listed: false }))
  assert.throws(() => namesIn(elf), { code: 'unsupported', message: /UPX/ })
  const pe = RetainedBytes.of(peFixture([{ name: 'UPX1', content: Buffer.alloc(32, 7) }]))
  assert.throws(() => namesIn(pe), { code: 'unsupported', message: /UPX/ })
  assert.deepEqual(namesIn(RetainedBytes.of(elfFixture([stub]))), [])
})

test('only headers are read of a program that is not Go', () => {
  const file = elfFixture([{ name: '.text', content: Buffer.alloc(1 << 20, 0x90), address: 0x1000 }])
  const bytes = touching(RetainedBytes.of(file))
  assert.deepEqual([...go.extract({ path: 'app', size: file.length, mode: 0o755, bytes })], [])
  assert.ok(bytes.touched < 1024, `${bytes.touched} bytes`)
})

/** 150 MB of a program of which the first and last MiB and one MiB from the build information are kept. */
function windowed(content: Buffer, keepInfo: boolean): RetainedBytes {
  const gap = 75 * MiB
  const small = elfFixture([
    { name: '.text', content: Buffer.alloc(MiB) },
    { name: '.go.buildinfo', content, address: 0x1000 },
    { name: '.debug', content: Buffer.alloc(2 * MiB) },
  ])
  // The gap is put before the build information; every offset behind it moves.
  const cut = small.indexOf(content)
  const table = Number(small.readBigUInt64LE(40))
  for (let index = 1; index <= 4; index++) {
    const offset = small.readBigUInt64LE(table + index * 64 + 24)
    if (offset >= cut) small.writeBigUInt64LE(offset + BigInt(gap), table + index * 64 + 24)
  }
  small.writeBigUInt64LE(BigInt(table + gap), 40)
  const tail = small.length - MiB
  return new RetainedBytes(small.length + gap, [
    [0, small.subarray(0, MiB)],
    ...(keepInfo ? ([[cut + gap, small.subarray(cut, cut + MiB)]] as const) : []),
    [tail + gap, small.subarray(tail)],
  ])
}

test('a large program of which only windows are kept', () => {
  assert.deepEqual(namesIn(windowed(info, true)), expected)
  assert.throws(() => namesIn(windowed(info, false)), { code: 'not-retained' })
  const pointed = pointedBuildInfo('go1.16', modules, 0x9999_0000, { wide: true, littleEndian: true })
  assert.throws(() => namesIn(windowed(pointed, true)), { code: 'malformed' })
})

const testFolder = process.env['LANNER_TEST_DATA']
const needsData = { skip: !testFolder && 'needs LANNER_TEST_DATA' }

interface Listed {
  readonly go: string
  readonly mod?: readonly [path: string, version: string]
  readonly deps: readonly (readonly [string, string, { replaced_by: readonly [string, string] }?])[]
}

/** `go version -m` prints no version for these, and the linker flags that it prints do. */
const versionsFromFlags = new Map([
  ['trivy/main-version-via-ldflags.elf.gz', 'v1.0.0'],
  ['trivy/main-version-via-ldflags-go-1-24.elf.gz', 'v1.0.0'],
])

test('agrees with go version -m on real programs', needsData, () => {
  const folder = join(testFolder ?? '', 'fixtures/gobinary')
  const { files } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
    files: Record<string, Listed>
  }
  assert.ok(Object.keys(files).length >= 13)
  for (const [name, listed] of Object.entries(files)) {
    const bytes = RetainedBytes.of(gunzipSync(readFileSync(join(folder, name))))
    const wanted = [`stdlib ${listed.go.replace(/^go/, '').replace(/ .*/, '')}`]
    if (listed.mod) wanted.push(`${listed.mod[0]} ${versionsFromFlags.get(name) ?? listed.mod[1]}`)
    for (const [path, version, options] of listed.deps) {
      wanted.push((options?.replaced_by ?? [path, version]).slice(0, 2).join(' '))
    }
    assert.deepEqual(namesIn(bytes), wanted, name)
  }
})

function goVersion(): string | undefined {
  try {
    return execFileSync('go', ['env', 'GOVERSION'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim()
  } catch {
    return undefined
  }
}

const installed = goVersion()

test('agrees with the go command on a program it builds', {
  skip: !installed && 'needs the go command',
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanner-go-'))
  try {
    const sources = {
      'go.mod':
        'module example.org/tool\n\ngo 1.18\n\nrequire example.org/dep v1.1.0\n\nreplace example.org/dep => ./dep\n',
      'main.go':
        'package main\n\nimport "example.org/dep"\n\nvar version = "dev"\n\nfunc main() { println(version, dep.Name) }\n',
      'dep/go.mod': 'module example.org/dep\n\ngo 1.18\n',
      'dep/dep.go': 'package dep\n\nconst Name = "dep"\n',
    }
    mkdirSync(join(folder, 'dep'))
    for (const [name, text] of Object.entries(sources)) writeFileSync(join(folder, name), text)
    const environment = {
      ...process.env,
      GOFLAGS: '-mod=mod',
      GOPROXY: 'off',
      GOTOOLCHAIN: 'local',
      GOCACHE: join(folder, 'cache'),
      GOPATH: join(folder, 'path'),
    }
    const program = join(folder, 'tool')
    const run = (...words: string[]) =>
      execFileSync('go', words, { cwd: folder, env: environment, stdio: 'pipe', encoding: 'utf8' })
    run('build', '-ldflags', '-s -w -X main.version=1.5.0', '-o', program, '.')
    const [, ...lines] = run('version', '-m', program).split('\n')
    const listed = parseGoModules(lines.map((line) => line.slice(1)).join('\n'))
    assert.deepEqual(
      listed.dependencies.map(({ path }) => path),
      ['example.org/dep'],
    )
    assert.deepEqual(namesIn(RetainedBytes.of(readFileSync(program))), [
      `stdlib ${installed?.slice(2)}`,
      `${listed.main?.path} v1.5.0`,
      'example.org/dep (devel)',
    ])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
