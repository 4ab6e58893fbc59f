import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { parseCommandLine } from '../apps/cli/src/command.ts'
import { commands, findCommand } from '../apps/cli/src/commands.ts'
import { settingTable } from '../apps/cli/src/settings.ts'
import { serverSettings } from '../apps/server/src/config/settings.ts'
import { faultCodes } from './fault-codes.ts'
import { headings, inlineCode, links, prose, shellWords, slugs } from './markdown-page.ts'

const root = join(import.meta.dirname, '..')
const pages = new Map(
  globSync(['*.md', '{docs,demo,bench}/**/*.md'], { cwd: root })
    .sort()
    .map((path) => [path, readFileSync(join(root, path), 'utf8')] as const),
)

test('every link leads somewhere', () => {
  const broken: string[] = []
  for (const [path, text] of pages) {
    for (const link of links(text)) {
      // Written by `npm run bench`, on a machine that does nothing else.
      if (/^(?:https?|mailto):/.test(link)) continue
      const [file, anchor] = link.split('#')
      const target = file === '' ? path : normalize(join(dirname(path), file))
      const there = pages.get(target)
      if (there === undefined ? !existsSync(join(root, target)) : anchor && !slugs(there).has(anchor))
        broken.push(`${path}: ${link}`)
    }
  }
  assert.deepEqual(broken, [])
})

test('every file of ours that a page names is there', () => {
  const missing: string[] = []
  for (const [path, text] of pages) {
    for (const [, named] of text.matchAll(/`((?:apps|bench|demo|docs|packages|tools)\/[\w./-]+)`/g))
      if (!existsSync(join(root, named))) missing.push(`${path}: ${named}`)
  }
  assert.deepEqual(missing, [])
})

test('every page can be reached from the README', () => {
  const reached = new Set(['README.md', 'CONTRIBUTING.md', 'SECURITY.md'])
  for (const path of reached) {
    for (const link of links(pages.get(path) ?? '')) {
      const target = normalize(join(dirname(path), link.split('#')[0]))
      if (target.startsWith('docs/') && pages.has(target)) reached.add(target)
    }
  }
  assert.deepEqual(
    [...pages.keys()].filter((path) => path.startsWith('docs/') && !reached.has(path)),
    [],
  )
})

test('every command that a page shows is one', async () => {
  const wrong: string[] = []
  let shown = 0
  for (const [path, text] of pages) {
    for (const words of [...shellWords(text), ...inlineCode(text)]) {
      const problem = await problemOf(words)
      if (problem === undefined) continue
      shown++
      if (problem !== '') wrong.push(`${path}: ${words.join(' ')}: ${problem}`)
    }
  }
  assert.deepEqual(wrong, [])
  assert.ok(shown > 40, `only ${shown} commands were found`)
})

const scripts: Readonly<Record<string, string>> = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
).scripts

/** What is wrong with a command of ours, '' if nothing; undefined for somebody else's. */
async function problemOf(words: readonly string[]): Promise<string | undefined> {
  if (words[0] === 'npm') {
    const script = words[1] === 'run' ? words[2] : words[1]
    if (words[1] === 'run' && !Object.hasOwn(scripts, script)) return 'no such script'
    if (script !== 'start') return words[1] === 'run' ? '' : undefined
    if (words[2] !== '--') return ''
    // Options alone are those of the platform (tools/ready.mjs).
    return problemOf(['lanner', ...(words[3]?.startsWith('--') ? ['serve'] : []), ...words.slice(3)])
  }
  if (words[0] !== 'lanner') return undefined
  const args = words.slice(1)
  if (args.length === 0 || ['COMMAND', '--help', '--version'].includes(args[0])) return ''
  const found = findCommand(args)
  // `lanner advisories` names the group.
  if (!found)
    return commands.some(({ path }) => path.startsWith(`${args.join(' ')} `)) ? '' : 'no such command'
  try {
    parseCommandLine(await found.entry.load(), found.rest)
    return ''
  } catch (error) {
    return String(error)
  }
}

test('the examples that --help prints can be called', async () => {
  for (const entry of commands) {
    for (const [example] of (await entry.load()).examples)
      assert.equal(await problemOf(['lanner', ...example.split(' ')]), '', example)
  }
})

test('every setting that a page names exists', () => {
  const known = new Set([
    'LANNER_TEST_DATA',
    ...settingTable.map(({ name }) => name),
    ...Object.values(serverSettings).map(({ name }) => name as string),
    'LANNER_URL',
  ])
  for (const [path, text] of pages) {
    for (const [name] of text.matchAll(/\bLANNER_[A-Z\d_]+/g)) assert.ok(known.has(name), `${path}: ${name}`)
  }
})

test('every fault has its heading in the error reference, and every heading its fault', () => {
  const declared = [...faultCodes(root)].flatMap(([name, codes]) => [
    `## ${name}`,
    ...codes.map((code) => `## ${name} ### ${code}`),
  ])
  let section = ''
  const described = headings(pages.get('docs/reference/errors.md') ?? '').flatMap(({ level, text }) => {
    if (level === 2) section = text
    return level === 2 ? [`## ${text}`] : level === 3 ? [`## ${section} ### ${text}`] : []
  })
  assert.deepEqual(described.toSorted(), declared.toSorted())
})

// A changed sentence is then a changed line, in a diff as in a review.
test('prose has one sentence a line', () => {
  const long: string[] = []
  for (const [path, text] of pages) {
    for (const line of prose(text)) if (/[\p{L}\d)`*][.!?] \p{Lu}/u.test(line)) long.push(`${path}: ${line}`)
  }
  assert.deepEqual(long, [])
})
