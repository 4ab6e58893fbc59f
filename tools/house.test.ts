import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { test } from 'node:test'
import { rooms } from './rooms.ts'

const root = join(import.meta.dirname, '..')
const sources = globSync(['{packages,apps}/*/{src,bin}/**/*.{ts,mjs}', '{tools,bench,e2e}/*.{ts,mjs}'], {
  cwd: root,
})
  .filter((path) => path !== 'tools/house.test.ts')
  .sort()
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
const tested = /\.(?:test|fixture)\.ts$|\/testing\/|^packages\/testkit\/|^(?:bench|e2e)\//
// The client needs nothing from outside either, but it asks a server, and waits for it.
const pure = rooms
  .filter(({ folder, outside }) => outside.length === 0 && folder !== 'packages/sdk')
  .map(({ folder }) => `${folder}/`)

/** Remarks that were made in a review twice. What the linter or the compiler holds already does not stand here. */
const rules: readonly {
  readonly rule: string
  readonly why: string
  readonly pattern: RegExp
  readonly holdsFor: (path: string) => boolean
}[] = [
  {
    rule: 'pure rooms have no clock, no chance and no surroundings',
    why: 'the same bytes must give the same answer, on any machine and day',
    pattern:
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\bprocess\.|\bset(?:Timeout|Interval|Immediate)\(|\bfetch\(/,
    holdsFor: (path) => pure.some((folder) => path.startsWith(folder)) && !tested.test(path),
  },
  {
    rule: 'nothing is left to be done',
    why: 'a plan belongs into an issue, where somebody looks for it',
    pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/,
    holdsFor: () => true,
  },
  {
    rule: 'no path of one machine',
    why: 'temporary folders come from os.tmpdir(), data from settings',
    pattern: /['"`](?:\/(?:work|root|home|tmp|Users)\/|[A-Z]:\\\\)/,
    // What a test asserts of an image or an option is no place on this machine.
    holdsFor: (path) => !tested.test(path),
  },
  {
    rule: 'only the command speaks, and through its terminal',
    why: 'results go to stdout and talk to stderr, which a library cannot know',
    pattern: /\bconsole\.\w+\(/,
    holdsFor: (path) => /^(?:packages|apps)\//.test(path) && !tested.test(path),
  },
  {
    rule: 'every test runs, or says why not',
    why: 'a test that is left out passes for ever',
    pattern: /\b(?:test|it|describe)\.(?:only|todo|skip)\(|\bonly: true\b|\bskip: true\b/,
    holdsFor: () => true,
  },
  {
    rule: 'what the compiler is told to ignore has a reason',
    why: 'the next reader cannot ask',
    pattern: /@ts-(?:ignore|nocheck)|@ts-expect-error\s*$/m,
    holdsFor: () => true,
  },
]

for (const { rule, why, pattern, holdsFor } of rules) {
  test(`${rule}: ${why}`, () => {
    const broken = sources
      .filter(({ path, text }) => holdsFor(path) && pattern.test(text))
      .map(({ path, text }) => `${path}: ${pattern.exec(text)?.[0]}`)
    assert.deepEqual(broken, [])
  })
}

test('files and folders are named after nouns of the field', () => {
  const vague = /^(?:utils?|helpers?|managers?|common|misc|shared|data|handlers?|types|constants)(?:\.|$)/
  const named = sources.filter(({ path }) => path.split('/').some((part) => vague.test(part)))
  assert.deepEqual(
    named.map(({ path }) => path),
    [],
  )
})

test('everything that a package offers says what it is', () => {
  const mute: string[] = []
  const doors = sources.filter(({ path }) => /^packages\/[^/]+\/src\/index\.ts$/.test(path))
  for (const { path, text } of doors) {
    for (const { groups } of text.matchAll(
      /^export (?:type )?\{(?<names>[^}]*)\} from '(?<from>\.[^']+)'/gm,
    )) {
      const file = join(dirname(path), groups?.['from'] ?? '')
      for (const name of (groups?.['names'] ?? '').split(',')) {
        const plain = name.trim().replace(/^type /, '')
        if (plain !== '' && !isDescribed(file, plain)) mute.push(`${file}: ${plain}`)
      }
    }
  }
  assert.ok(doors.length > 8)
  assert.deepEqual(mute, [])
})

/** Whether a doc comment stands above the declaration, in this file or in the one that it is passed on from. */
function isDescribed(file: string, name: string): boolean {
  const source = readFileSync(join(root, file), 'utf8')
  const at = source.search(
    new RegExp(`^export (?:async )?(?:const|function\\*?|class|interface|type) ${name}\\b`, 'm'),
  )
  if (at >= 0) return source.slice(0, at).trimEnd().endsWith('*/')
  const passedOn = [...source.matchAll(/\{(?<names>[^}]*)\} from '(?<from>\.[^']+)'/g)].find(({ groups }) =>
    groups?.['names'].split(',').some((each) => each.trim().replace(/^type /, '') === name),
  )
  return passedOn !== undefined && isDescribed(join(dirname(file), passedOn.groups?.['from'] ?? ''), name)
}

test('a test lies beside what it tests', () => {
  const alone = sources
    .map(({ path }) => path)
    .filter(
      (path) => path.startsWith('packages/') && /^(?:tests?|specs?|__tests__)$/.test(basename(dirname(path))),
    )
  assert.deepEqual(alone, [])
})
