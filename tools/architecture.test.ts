import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { rooms } from './rooms.ts'

const root = join(import.meta.dirname, '..')
const specifiers = [
  /^(?:import|export)\s[^'"`;]*?\bfrom\s+'(?<name>[^']+)'/gm,
  /^import\s+'(?<name>[^']+)'/gm,
  /\bimport\('(?<name>[^']+)'\)/g,
]

function importsOf(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  return specifiers.flatMap((specifier) =>
    [...text.matchAll(specifier)].map(({ groups }) => groups?.['name'] ?? ''),
  )
}

for (const room of rooms) {
  test(`${room.folder} imports only what the table allows`, () => {
    const files = globSync('src/**/*.ts', { cwd: join(root, room.folder) })
    const wrong: string[] = []
    for (const file of files) {
      const own = /\.(?:test|fixture)\.ts$|(?:^|\/)testing\//.test(file)
      for (const name of importsOf(join(room.folder, file))) {
        if (name.startsWith('.')) {
          const inside = join(room.folder, file, '..', name)
          if (!inside.startsWith(`${room.folder}/`)) wrong.push(`${file} reaches out of its room: ${name}`)
          else if (!existsSync(join(root, inside))) wrong.push(`${file} imports ${name}, which is not there`)
          continue
        }
        if (!allowed(room, file, name, own)) wrong.push(`${file} imports ${name}`)
      }
    }
    assert.deepEqual(wrong, [])
  })
}

function allowed(room: (typeof rooms)[number], file: string, name: string, isTest: boolean): boolean {
  if (name.startsWith('@lanner/')) {
    const [, other, door] = name.split('/')
    const folder = rooms.map((each) => each.folder).find((path) => path.endsWith(`/${other}`)) ?? other
    const { exports: doors } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
    // Only through the doors that a package declares. Tests may build what they need.
    if (!Object.hasOwn(doors, door ? `./${door}` : '.')) return false
    return (
      room.rooms.includes(other) ||
      (isTest && ['testkit', 'extractors', 'oci', 'matching', 'advisories'].includes(other))
    )
  }
  const builtin = name.startsWith('node:')
  assert.ok(builtin || !builtinModules.includes(name), `${file}: write node:${name}`)
  if (isTest)
    return (
      builtin ||
      room.outside.includes(name) ||
      [
        'fast-check',
        'ajv',
        'ajv-formats',
        '@cyclonedx/cyclonedx-library',
        '@seriousme/openapi-schema-validator',
        'crowdstrike-falcon',
      ].some((dev) => name === dev || name.startsWith(`${dev}/`))
    )
  if (builtin && room.outside.includes('node:*')) return true
  const package_ = name.startsWith('@') ? name.split('/').slice(0, 2).join('/') : name.split('/')[0]
  if (room.outside.includes(name) || room.outside.includes(package_)) return true
  return Object.entries(room.exceptions ?? {}).some(
    ([folder, names]) => file.startsWith(`${folder}/`) && names.includes(name),
  )
}

test('every workspace is in the table', () => {
  const folders = globSync(['packages/*/package.json', 'apps/*/package.json'], { cwd: root }).map((path) =>
    path.replace('/package.json', ''),
  )
  assert.deepEqual(folders.sort(), rooms.map((room) => room.folder).sort())
  const names = new Set(folders.map((folder) => folder.split('/')[1]))
  const others = new Set(rooms.flatMap((room) => room.rooms))
  assert.deepEqual(
    [...others].filter((name) => !names.has(name)),
    [],
  )
})

/** Inside the server: who may not import whom. Tests may. */
const forbidden: readonly (readonly [from: string, to: RegExp])[] = [
  ['http', /\/(?:db|jobs|blobs)\//],
  ['jobs', /\/(?:db|http)\//],
  ['use-cases', /\/(?:http|jobs)\//],
  ['db', /\/(?:http|jobs|use-cases|blobs)\//],
  ['filters', /\/(?:http|jobs|use-cases|db|blobs)\//],
]

test('inside the server, arrows point from http and jobs over use cases to the database', () => {
  const wrong: string[] = []
  for (const [folder, to] of forbidden) {
    for (const file of globSync(`apps/server/src/${folder}/**/*.ts`, { cwd: root })) {
      if (/\.test\.ts$|\/testing\//.test(file)) continue
      for (const name of importsOf(file)) {
        const target = name.startsWith('.') ? join(file, '..', name) : ''
        if (to.test(target.replace('apps/server/src', ''))) wrong.push(`${file} imports ${name}`)
      }
    }
  }
  assert.deepEqual(wrong, [])
})

test('every run-time dependency is argued in docs/why/dependencies.md', () => {
  const page = readFileSync(join(root, 'docs/why/dependencies.md'), 'utf8')
  const names = globSync(['packages/*/package.json', 'apps/*/package.json'], { cwd: root }).flatMap(
    (path) => {
      const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
        readFileSync(join(root, path), 'utf8'),
      ) as {
        dependencies?: Record<string, string>
        optionalDependencies?: Record<string, string>
      }
      return Object.keys({ ...dependencies, ...optionalDependencies }).filter(
        (name) => !name.startsWith('@lanner/'),
      )
    },
  )
  for (const name of new Set(names))
    assert.match(page, new RegExp(`^\\| \`${name}\` `, 'm'), `${name} has no line`)
})

test('the lock file records no download address', () => {
  for (const path of ['package-lock.json', 'tools/node/package-lock.json']) {
    assert.doesNotMatch(readFileSync(join(root, path), 'utf8'), /"resolved": "https?:/)
  }
})

test('only settings, entry points and tools read the environment', () => {
  const allowedFiles = [
    /^apps\/cli\/src\/(settings|main)\.ts$/,
    /^apps\/server\/src\/config\//,
    /\.test\.ts$/,
    /^packages\/testkit\//,
  ]
  const readers = globSync(['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts'], { cwd: root }).filter(
    (path) =>
      !allowedFiles.some((allowed) => allowed.test(path)) &&
      /\bprocess\.env\b/.test(readFileSync(join(root, path), 'utf8')),
  )
  assert.deepEqual(readers, [])
})
