/**
 * `npm run generate`: prints the reference pages from exported data. With `--check`, writes nothing and fails when a
 * page is not what the data says.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { helpText } from '../apps/cli/src/command.ts'
import { commands } from '../apps/cli/src/commands.ts'
import { settingTable } from '../apps/cli/src/settings.ts'
import { serverSettings } from '../apps/server/src/config/settings.ts'
import { migrationFiles } from '../apps/server/src/db/migration-files.ts'
import { migrationModule } from '../apps/server/src/db/migrations-print.ts'
import { falcon, lanner, openApiDocument } from '../packages/contract/src/index.ts'
import { reportSchemaPage } from '../packages/documents/src/index.ts'
import { classifiers } from '../packages/extractors/src/binary/classifiers/index.ts'
import { extractors } from '../packages/extractors/src/extractors.ts'
import { schemes } from '../packages/versions/src/index.ts'
import { sdkFiles } from './api/print-sdk.ts'
import { printApiPages } from './api-examples/estate-run.ts'
import { limitPage } from './limits.ts'
import { code, note, table } from './markdown.ts'
import { scanPicture } from './picture.ts'
import { rooms } from './rooms.ts'
import { schemaPage } from './schema.ts'

const root = join(import.meta.dirname, '..')
const check = process.argv.includes('--check')

async function commandPage(): Promise<string> {
  const parts = [
    '# The command',
    '',
    note,
    '`npm start -- COMMAND` in a checkout, `lanner COMMAND` after `npm link`.',
    '',
  ]
  for (const entry of commands) {
    const command = await entry.load()
    parts.push(`## lanner ${entry.path}`, '', '```', helpText(command).trimEnd(), '```', '')
  }
  return parts.join('\n')
}

function settingPage(): string {
  const rows = settingTable.map(({ name, default: initial, help }) => [code(name), initial, help])
  return [
    '# Settings',
    '',
    note,
    'Read from the environment, once, at start.',
    '',
    '## The command',
    '',
    table(['name', 'default', 'meaning'], rows),
    '',
    '## The server',
    '',
    'Options of `lanner serve` go before the environment.',
    'A name that begins with `LANNER_` and is unknown, or a value that cannot be used, stops the start with all problems at once.',
    '',
    table(
      ['name', 'takes', 'default', 'meaning'],
      Object.values(serverSettings).map(({ name, type, default: initial, help, secret }) => [
        code(name),
        secret ? `${type} (a secret)` : type,
        initial,
        help,
      ]),
    ),
    '',
  ].join('\n')
}

function extractorPage(): string {
  const rows = extractors.map(({ id, finds, wants, maxBytes, revision }) => [
    code(id),
    finds,
    [
      ...(wants.paths ?? []).slice(0, 6).map(code),
      ...((wants.paths?.length ?? 0) > 6 ? ['…'] : []),
      ...(wants.executables ? ['every executable'] : []),
    ].join(' '),
    `${maxBytes / 1024 / 1024} MiB`,
    String(revision),
  ])
  const untried = classifiers.filter((classifier) => classifier.untried)
  return [
    '# What is found',
    '',
    note,
    'Each extractor reads one kind of file; a larger file than its bound makes the image *partially assessed*.',
    '',
    table(['extractor', 'finds', 'reads', 'up to', 'revision'], rows),
    '',
    '## Java archives',
    '',
    'An archive is what its own `pom.properties` says.',
    'Without one, a file name of the form `name-1.2` counts before the manifest: Maven names files by artifact and version, while titles in manifests are written for people (`Jackson-core`), symbolic names hold the group (`org.apache.commons.lang3`) and versions are rewritten (`31.1.0.jre`).',
    'Of 25 archives with a known identity in our test data, file name first names 15 rightly and manifest first 6.',
    'The manifest decides where the file name states no version, or one without a dot.',
    '',
    '## Software without a package manager',
    '',
    'Recognised by a version string in the program itself.',
    'Files that an operating-system package owns are suppressed with that reason, not counted twice.',
    '',
    table(
      ['software', 'tried on a real binary'],
      classifiers.map(({ name, untried: not }) => [name, not ? 'no' : 'yes']),
    ),
    '',
    ...(untried.length > 0
      ? [
          `No binary of ${untried.map(({ name }) => name).join(', ')} could be had when this was written: those are untried.`,
          '',
        ]
      : []),
  ].join('\n')
}

function schemePage(): string {
  const rows = Object.values(schemes).map(({ id, label, spec }) => [code(id), label, spec])
  return [
    '# Version order',
    '',
    note,
    'A version that a scheme does not accept has no order: the answer is `unknown`, and so is the verdict.',
    '',
    table(['scheme', 'for', 'specification'], rows),
    '',
  ].join('\n')
}

/** The part of a hand-written page between two markers. */
function diagram(page: string): string {
  const rows = rooms.map(({ folder, purpose, rooms: others, outside, exceptions = {} }) => [
    code(folder),
    purpose,
    others.length > 0 ? others.map(code).join(' ') : 'nothing',
    [
      ...outside.map(code),
      ...Object.entries(exceptions).map(([part, names]) => `${names.map(code).join(' ')} in ${code(part)}`),
    ].join(' '),
  ])
  const body = table(['room', 'what it is for', 'may import', 'from outside'], rows)
  const markers = /(?<=<!-- rooms -->\n)[\s\S]*?(?=<!-- \/rooms -->)/
  if (!markers.test(page)) throw new Error('docs/why/architecture.md has no place for the rooms')
  return page.replace(markers, () => `\n${body}\n\n`)
}

function revisionsFile(): string {
  const entries = extractors.map(({ id, revision }) => `  '${id}': ${revision},`)
  return `/** Printed by \`npm run generate\`: what each extractor's output is known by, without loading the extractors. */
export const extractorRevisions: Readonly<Record<string, number>> = {
${entries.join('\n')}
}
`
}

const collections = [...falcon, ...lanner]

function openApiFile(): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  return `${JSON.stringify(openApiDocument(collections, { version }), undefined, 1)}\n`
}

const pages: readonly (readonly [path: string, text: string])[] = [
  ['docs/reference/command.md', await commandPage()],
  ['docs/reference/settings.md', settingPage()],
  ['docs/reference/report.md', `${reportSchemaPage().trimEnd()}\n`],
  ['docs/scan.svg', await scanPicture(root)],
  ['packages/extractors/src/generated/revisions.ts', revisionsFile()],
  ['docs/reference/extractors.md', extractorPage()],
  ['docs/reference/versions.md', schemePage()],
  ['apps/server/src/db/generated/migrations.ts', migrationModule(migrationFiles())],
  // Held to the migrations by a test of the server, which has a database at hand.
  ...(check ? [] : [['apps/server/src/db/schema.sql', await schemaPage()] as const]),
  // Held to what a server answers by the test of the examples.
  ...(check ? [] : await printApiPages()),
  ['docs/reference/limits.md', limitPage()],
  ['docs/reference/openapi.json', openApiFile()],
  ...sdkFiles(collections).map(([path, text]) => [`packages/sdk/src/generated/${path}`, text] as const),
  ['docs/why/architecture.md', diagram(readFileSync(join(root, 'docs/why/architecture.md'), 'utf8'))],
]

const stale: string[] = []
for (const [path, text] of pages) {
  const full = join(root, path)
  if (existsSync(full) && readFileSync(full, 'utf8') === text) continue
  stale.push(path)
  if (check) continue
  mkdirSync(dirname(full), { recursive: true })
  writeFileSync(full, text)
}
if (stale.length > 0)
  process.stdout.write(
    `${check ? 'not what the code says (run `npm run generate`)' : 'written'}: ${stale.join(', ')}\n`,
  )
process.exitCode = check && stale.length > 0 ? 1 : 0
