import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Order, order, type SchemeId, schemes } from './index.ts'

// The ecosystems' own tools judge versions that are made here, by a fixed seed, of the pieces that matter to each. A tool
// is started once; what it says of every pair must be what we say, `unknown` (malformed) included.

type Pair = readonly [left: string, right: string]

const seed = 20260103
/** What the tools print for a pair. */
const answers: Record<string, Order> = { '-1': 'less', '0': 'equal', '1': 'greater', '?': 'unknown' }

/** Where the command lies, links followed, or undefined. */
function locate(command: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, command)
    if (folder !== '' && existsSync(path)) return realpathSync(path)
  }
  return undefined
}

/** A reason to skip when the command is missing, else false. */
function without(command: string): string | false {
  return locate(command) === undefined && `${command} is not installed`
}

/** Pairs of versions put together from `pieces`, behind a piece of `heads`; half of them differ in the tail only. */
function pairs(count: number, heads: readonly string[], pieces: readonly string[]): readonly Pair[] {
  const tail = fc.array(fc.constantFrom(...pieces), { maxLength: 5 }).map((parts) => parts.join(''))
  const head = fc.tuple(fc.constantFrom(...heads), tail).map((parts) => parts.join(''))
  const related = fc.tuple(head, tail, tail).map(([start, a, b]): Pair => [start + a, start + b])
  const unrelated = fc
    .tuple(fc.tuple(head, tail), fc.tuple(head, tail))
    .map(([a, b]): Pair => [a.join(''), b.join('')])
  return fc.sample(fc.oneof(related, unrelated), { numRuns: count, seed })
}

function run(command: string, args: readonly string[], input?: string): readonly string[] {
  const output = execFileSync(command, args, {
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: 60_000,
  })
  return output.trimEnd().split('\n')
}

function agree(id: SchemeId, tested: readonly Pair[], said: readonly string[]): void {
  assert.equal(said.length, tested.length)
  const seen = new Set<Order>()
  tested.forEach(([left, right], index) => {
    const expected = answers[said[index]]
    assert.ok(expected !== undefined, `${left}, ${right}: the tool said ${said[index]}`)
    assert.equal(order(schemes[id], left, right), expected, `${left} against ${right}`)
    seen.add(expected)
  })
  assert.ok(
    seen.has('less') && seen.has('equal') && seen.has('greater'),
    'the pairs were too alike to prove anything',
  )
}

function lines(tested: readonly Pair[]): string {
  return tested.map(([left, right]) => `${left}\t${right}\n`).join('')
}

test('deb is what dpkg says', { skip: without('dpkg') }, () => {
  const pieces = ['0', '1', '01', '10', '9', 'a', 'Z', 'rc', '~', '~~', '+', '.', '-', 'deb', 'ubuntu']
  const tested = pairs(200, ['1', '0.', '1:1', '01:2.', '1.0-', 'v', ':'], pieces)
  // dpkg only warns of what policy forbids, on stderr, and fails (2) where it cannot compare.
  const script = `tab=$(printf '\\t')
while IFS="$tab" read -r a b; do
  dpkg --compare-versions "$a" lt "$b"; case $? in
    0) echo -1;;
    1) if dpkg --compare-versions "$a" eq "$b"; then echo 0; else echo 1; fi;;
    *) echo '?';;
  esac
done`
  agree('deb', tested, run('sh', ['-c', script], lines(tested)))
})

test('rpm is what rpm says', { skip: without('rpm') }, () => {
  const pieces = [
    '0',
    '1',
    '01',
    '10',
    '9',
    'a',
    'Z',
    'rc',
    '~',
    '^',
    '+',
    '.',
    '_',
    '-',
    '.el9',
    'git',
    '1.',
  ]
  const tested = pairs(400, ['1', '0.', '1:1', '0:1', '01:2.', '1.0-', 'v', 'a:', '~', '1.0^'], pieces)
  const table = tested.map(([left, right]) => `{"${left}","${right}"}`).join(',')
  // The macro language wants its braces balanced, which a Lua table's are.
  const script = `%{lua: for _, p in ipairs({${table}}) do
  local a = rpm.ver(p[1]); local b = rpm.ver(p[2])
  if a == b then print("0\\n") elseif a < b then print("-1\\n") else print("1\\n") end
end}`
  agree('rpm', tested, run('rpm', ['--eval', script]))
})

test('gem is what RubyGems says', { skip: without('ruby') }, () => {
  const pieces = ['0', '1', '10', '.0', '.1', '.a', '.B', 'rc1', '-', '-x86', '.pre', '.', 'a', '_']
  const script = `STDIN.each_line(chomp: true) do |line|
  a, b = line.split("\\t", -1)
  puts Gem::Version.correct?(a) && Gem::Version.correct?(b) ? (Gem::Version.new(a) <=> Gem::Version.new(b)) : "?"
end`
  const tested = pairs(600, ['1', '0', '1.0', '2.10', '1.0.0', '01', 'a'], pieces)
  agree('gem', tested, run('ruby', ['-e', script], lines(tested)))
})

const pythonHasPackaging = (() => {
  try {
    run('python3', ['-c', 'import packaging.version'])
    return true
  } catch {
    return false
  }
})()

test('pep440 is what packaging says', {
  skip: !pythonHasPackaging && 'packaging for python3 is not installed',
}, () => {
  const script = `import sys
from packaging.version import Version, InvalidVersion
for line in sys.stdin:
    try:
        a, b = map(Version, line.rstrip("\\n").split("\\t"))
        print((a > b) - (a < b))
    except InvalidVersion:
        print("?")`
  const pieces = [
    '0',
    '1',
    '.0',
    '.1',
    'a1',
    'b',
    'rc',
    '.rc2',
    '-1',
    '-',
    '_',
    '.post',
    'post2',
    '.dev',
    'dev3',
    '+',
    '+l.1',
    '.z',
    'r',
    'c',
    'PRE',
  ]
  const tested = pairs(800, ['1', '0.1', '1!2', 'v1', '1.0.0', '01', '1.0+'], pieces)
  agree('pep440', tested, run('python3', ['-c', script], lines(tested)))
})

test('composer is what PHP says of normal forms', { skip: without('php') }, () => {
  const script =
    'while (($l = fgets(STDIN)) !== false) { [$a, $b] = explode("\\t", rtrim($l, "\\n")); echo version_compare($a, $b), "\\n"; }'
  const number = fc.constantFrom('0', '1', '2', '10', '9')
  const label = fc.constantFrom(
    '',
    '-alpha',
    '-alpha1',
    '-alpha10',
    '-beta2',
    '-beta2.1',
    '-RC1',
    '-RC',
    '-patch',
    '-patch3',
    '-dev',
    '-beta2-dev',
    '-patch1-dev',
  )
  const version = fc
    .tuple(number, number, number, number, label)
    .map(([a, b, c, d, end]) => `${a}.${b}.${c}.${d}${end}`)
  const sameNumbers = fc
    .tuple(number, label, label)
    .map(([n, a, b]): Pair => [`1.${n}.0.0${a}`, `1.${n}.0.0${b}`])
  const tested = fc.sample(fc.oneof(sameNumbers, fc.tuple(version, version)), { numRuns: 500, seed })
  agree('composer', tested, run('php', ['-n', '-r', script], lines(tested)))
})

/** The semver package that npm itself carries. */
const npmSemver = (() => {
  const npm = locate('npm')
  const folder = npm && join(dirname(npm), '..', 'node_modules', 'semver')
  return folder && existsSync(folder) ? folder : undefined
})()

test('npm is what its own semver says', { skip: npmSemver === undefined && 'npm is not installed' }, () => {
  const script = `const { SemVer } = require(process.argv[1])
const read = (text) => { try { return new SemVer(text, { loose: true }) } catch { return undefined } }
for (const line of require('node:fs').readFileSync(0, 'utf8').trimEnd().split('\\n')) {
  const [a, b] = line.split('\\t').map(read)
  console.log(a && b ? a.compare(b) : '?')
}`
  const pieces = [
    '0',
    '1',
    '10',
    '.0',
    '.1',
    '-',
    '-rc.1',
    '-a',
    'beta',
    '.02',
    '+',
    '+b.1',
    '.x',
    '.A',
    'v',
    '=',
    '_',
  ]
  const heads = ['1.0.0', 'v1.2.3', '=1.0.0', '= v1.0.0', '01.0.0', '1.0.0-', '1.0.0-rc', 'v v1.0.0']
  // By backtracking npm's loose expression takes 1.2.34.5 apart into 1.2.3-4.5, and gives 1.2.3- the pre-release `-`:
  // accidents, no spellings, so to us neither is a version.
  const accident = /^[v=\s]*\d+\.\d+\.\d+(?:\.|-(?![0-9A-Za-z-]))/
  const tested = pairs(800, heads, pieces).filter((pair) => !pair.some((text) => accident.test(text)))
  agree('npm', tested, run(process.execPath, ['-e', script, npmSemver ?? ''], lines(tested)))
})

/** The artifact library in the installed Maven. */
const mavenArtifact = (() => {
  const mvn = locate('mvn')
  if (mvn === undefined || locate('java') === undefined) return undefined
  const lib = join(dirname(mvn), '..', 'lib')
  const jar = existsSync(lib)
    ? readdirSync(lib).find((name) => /^maven-artifact-\d.*\.jar$/.test(name))
    : undefined
  return jar && join(lib, jar)
})()

test('maven is what ComparableVersion says', {
  skip: mavenArtifact === undefined && 'Maven is not installed',
}, () => {
  const pieces = [
    '0',
    '1',
    '01',
    '10',
    '.',
    '-',
    'a',
    'b1',
    'rc',
    '-rc1',
    '.RC2',
    '-SNAPSHOT',
    '.Final',
    '-ga',
    '-sp',
    '.x',
    '-x-',
    '_',
    '+',
  ]
  const tested = pairs(400, ['1', '1.0', '1.0.0', '2-1', '1.0-', 'r', '0', '1.0-alpha-'], pieces)
  // It compares each argument with the next one, so every second answer is about a pair.
  const output = run('java', [
    '-cp',
    mavenArtifact ?? '',
    'org.apache.maven.artifact.versioning.ComparableVersion',
    ...tested.flat(),
  ])
  const signs = output.flatMap((line) => /^ {3}\S+ (?<sign><|==|>) \S+$/.exec(line)?.groups?.['sign'] ?? [])
  const said = signs
    .filter((_, index) => index % 2 === 0)
    .map((sign) => ({ '<': '-1', '==': '0', '>': '1' })[sign] ?? sign)
  agree('maven', tested, said)
})
