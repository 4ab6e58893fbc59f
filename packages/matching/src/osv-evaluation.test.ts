import { strict as assert } from 'node:assert'
import { execFileSync } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { test } from 'node:test'
import type { SchemeId } from '@lanner/versions'
import { affects } from './affects.ts'
import { readOsv } from './osv.ts'
import { zipRecords } from './testing/zip-records.ts'
import { installedVersion } from './version-order.ts'

// Real records are evaluated as the OSV schema writes it down, with the ecosystem's own tool for the order; what `affects`
// says of the same versions must be the same. https://ossf.github.io/osv-schema/#evaluation

const folder = process.env['LANNER_TEST_DATA']

interface Entry {
  readonly package: { readonly ecosystem: string; readonly name: string }
  readonly ranges?: readonly { readonly type: string; readonly events: readonly Readonly<Event>[] }[]
  readonly versions?: readonly string[]
}
type Event = Record<string, string>

interface Tool {
  readonly ecosystem: string
  readonly scheme: SchemeId
  readonly command: string
  /** What is put behind a bound to get to its other side. */
  readonly tails: readonly string[]
  /** Every how many-eth entry is looked at. */
  readonly every: number
  /** `-1`, `0`, `1`, or `?`, a line for each pair of lines `left<TAB>right`. */
  signs(input: string, path: string): string
}

const rpmScript = `%{lua: for line in io.stdin:lines() do
  local left, right = line:match("^(.-)\\t(.*)$")
  local a, b = rpm.ver(left), rpm.ver(right)
  io.stdout:write(a == b and "0\\n" or a < b and "-1\\n" or "1\\n")
end}`
const gemScript = `STDIN.each_line(chomp: true) do |line|
  a, b = line.split("\\t", -1)
  puts Gem::Version.correct?(a) && Gem::Version.correct?(b) ? (Gem::Version.new(a) <=> Gem::Version.new(b)) : "?"
end`
const npmScript = `const { SemVer } = require(process.argv[1])
const read = (text) => { try { return new SemVer(text, { loose: true }) } catch { return undefined } }
for (const line of require('node:fs').readFileSync(0, 'utf8').trimEnd().split('\\n')) {
  const [a, b] = line.split('\\t').map(read)
  console.log(a && b ? a.compare(b) : '?')
}`

const tools: readonly Tool[] = [
  {
    ecosystem: 'Azure Linux',
    scheme: 'rpm',
    command: 'rpm',
    tails: ['~rc1', '.1', '^git1'],
    every: 4,
    signs: (input) => run('rpm', ['--eval', rpmScript], input),
  },
  {
    ecosystem: 'RubyGems',
    scheme: 'gem',
    command: 'ruby',
    tails: ['.rc1', '.0', '.1'],
    every: 8,
    signs: (input) => run('ruby', ['-e', gemScript], input),
  },
  {
    ecosystem: 'npm',
    scheme: 'npm',
    command: 'npm',
    tails: ['-rc.1', '+build'],
    every: 30,
    signs: (input, path) =>
      run(process.execPath, ['-e', npmScript, join(dirname(path), '..', 'node_modules', 'semver')], input),
  },
]

function run(command: string, args: readonly string[], input: string): string {
  return execFileSync(command, args, { input, encoding: 'utf8', timeout: 60_000, maxBuffer: 1 << 26 })
}

function locate(command: string): string | undefined {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(directory, command)
    if (directory !== '' && existsSync(path)) return realpathSync(path)
  }
  return undefined
}

for (const tool of tools) {
  const path = locate(tool.command)
  const skip = !folder ? 'needs LANNER_TEST_DATA' : !path && `${tool.command} is not installed`
  test(`${tool.ecosystem}: ranges hold the versions that ${tool.command} puts there`, { skip }, () => {
    const cases = casesOf(tool)
    const order = new Map<string, string>()
    for (const { entry, version } of cases) for (const pair of pairsOf(entry, version)) order.set(pair, '?')
    const asked = [...order.keys()]
    const answers = tool
      .signs(`${asked.join('\n')}\n`, path ?? '')
      .trimEnd()
      .split('\n')
    assert.equal(answers.length, asked.length)
    for (const [index, pair] of asked.entries()) order.set(pair, answers[index])
    const seen = { true: 0, false: 0 }
    for (const { entry, version, ours } of cases) {
      if (pairsOf(entry, version).some((pair) => order.get(pair) === '?')) continue
      const expected = isAffected(entry, version, order)
      seen[`${expected}`]++
      const verdict = affects(ours, {
        installed: installedVersion(tool.scheme, version),
        name: entry.package.name,
        matchedBy: 'name',
      }).verdict
      assert.equal(verdict === 'affected', expected, `${ours.advisory} ${ours.name} ${version}: ${verdict}`)
      assert.notEqual(verdict, 'unknown', `${ours.advisory} ${ours.name} ${version}`)
    }
    assert.ok(seen.true > 200 && seen.false > 200, `${JSON.stringify(seen)} prove little`)
  })
}

/** Versions at the bounds of an entry and on both sides of them. */
function* casesAt(entry: Entry, tails: readonly string[]): Generator<string> {
  for (const bound of new Set(entry.ranges?.flatMap(({ events }) => boundsOf(events)))) {
    if (bound === '0') continue
    yield bound
    for (const tail of tails) yield bound + tail
    yield bound.replace(/\d+(?!.*\d)/, (digits) => String(Number(digits) + 1))
  }
}

function boundsOf(events: readonly Readonly<Event>[]): string[] {
  return events.flatMap((event) => Object.values(event))
}

function casesOf({ ecosystem, tails, every }: Tool) {
  const cases = []
  let count = 0
  for (const record of zipRecords(join(folder ?? '', 'advisories', ecosystem, 'all.zip'))) {
    const reading = readOsv(record)
    assert.ok('record' in reading)
    const named = (record as { affected: Entry[] }).affected.filter((entry) => entry.package)
    for (const [index, entry] of named.entries()) {
      if (entry.package.ecosystem.split(':')[0] !== ecosystem || count++ % every > 0) continue
      const ours = reading.affected[index]
      for (const version of casesAt(entry, tails)) cases.push({ entry, version, ours })
    }
  }
  return cases
}

function pairsOf(entry: Entry, version: string): string[] {
  return (entry.ranges ?? []).flatMap(({ events }) => {
    const bounds = boundsOf(events).filter((bound) => bound !== '0')
    return bounds.flatMap((bound) => [version, ...bounds].map((left) => `${left}\t${bound}`))
  })
}

function isAffected(entry: Entry, version: string, order: ReadonlyMap<string, string>): boolean {
  const sign = (left: string, right: string) =>
    left === '0' || right === '0'
      ? Number(right !== '0') * -1 + Number(left !== '0')
      : Number(order.get(`${left}\t${right}`))
  if (entry.versions?.includes(version)) return true
  return (entry.ranges ?? []).some(({ events }) => {
    let vulnerable = false
    const sorted = [...events].sort((a, b) => sign(Object.values(a)[0], Object.values(b)[0]))
    for (const event of sorted) {
      if (event['introduced'] !== undefined) vulnerable ||= sign(version, event['introduced']) >= 0
      else if (event['fixed'] !== undefined) vulnerable &&= sign(version, event['fixed']) < 0
      else vulnerable &&= sign(version, event['last_affected']) <= 0
    }
    return vulnerable
  })
}
