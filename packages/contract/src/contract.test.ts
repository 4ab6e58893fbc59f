import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { TSchema } from 'typebox'
import { type Operation, operationName } from './define.ts'
import { statusesOf } from './errors.ts'
import { falcon } from './falcon/index.ts'
import { images, lanner } from './lanner/index.ts'
import { acknowledged, bare, bodyOf, empty, file, type Reply } from './parts.ts'

interface Named {
  readonly id: string
  readonly dialect: string
  readonly collection: string
  readonly operation: Operation
}

const everything: readonly Named[] = [...falcon, ...lanner].flatMap(({ name, dialect, operations }) =>
  Object.entries(operations).map(([id, operation]) => ({ id, dialect, collection: name, operation })),
)

function fits(schema: TSchema, value: unknown): boolean {
  const ajv = new Ajv2020()
  addFormats.default(ajv)
  return ajv.validate(schema, value)
}

function duplicates(names: readonly string[]): readonly string[] {
  return names.filter((name, index) => names.indexOf(name) !== index)
}

test('ids, and methods with their paths, are unique over both dialects', () => {
  assert.deepEqual(duplicates(everything.map(({ id }) => id)), [])
  assert.deepEqual(duplicates(everything.map(({ operation }) => `${operation.method} ${operation.url}`)), [])
})

test('names of collections and snake-case names within one are unique', () => {
  assert.deepEqual(duplicates([...falcon, ...lanner].map(({ name }) => name)), [])
  for (const { name, operations } of [...falcon, ...lanner]) {
    const names = Object.entries(operations).map(([id, operation]) => operationName(id, operation))
    assert.deepEqual(duplicates(names), [], name)
    for (const each of names) assert.match(each, /^[a-z]+(?:_[a-z0-9]+)*$/)
  }
})

test('other ids that clients have for an operation lead to one operation only within its collection', () => {
  for (const { name, operations } of falcon) {
    const ids = Object.entries(operations).flatMap(([id, { alsoCalled = [] }]) => [id, ...alsoCalled])
    assert.deepEqual(duplicates(ids), [], name)
  }
})

test('the snake-case name of an id', () => {
  const cases = [
    ['GetCombinedImages', 'get_combined_images'],
    ['ReadRegistryEntitiesByUUID', 'read_registry_entities_by_uuid'],
    ['customer_settings_read', 'customer_settings_read'],
    ['ReadPackagesCombinedV2', 'read_packages_combined_v2'],
    ['SetUserPassword', 'set_user_password'],
    ['AggregateImageCountByBaseOS', 'aggregate_image_count_by_base_os'],
    ['GetUSBDevices', 'get_usb_devices'],
    ['tokens-create', 'tokens_create'],
  ] as const
  for (const [id, name] of cases) assert.equal(operationName(id), name)
  assert.equal(operationName('oauth2AccessToken', { snakeName: 'token' }), 'token')
})

test('every operation says what it does in a sentence', () => {
  for (const { id, operation } of everything) {
    for (const sentence of [operation.summary, operation.description, ...(operation.quirks ?? [])]) {
      if (sentence !== undefined) assert.match(sentence, /^\S.*\.$/, `${id}: ${sentence}`)
    }
    for (const parameter of Object.values(operation.query ?? {})) assert.ok(parameter.description, id)
  }
})

test('every part of a path is described, and nothing else', () => {
  for (const { id, operation } of everything) {
    const parts = [...operation.url.matchAll(/\{(?<name>\w+)\}/g)].map((match) => match.groups!['name'])
    assert.deepEqual(Object.keys(operation.path ?? {}), parts, id)
  }
})

test('each dialect keeps to its own paths and scopes', () => {
  for (const { id, dialect, operation } of everything) {
    assert.equal(operation.url.startsWith('/lanner/v1/'), dialect === 'lanner', id)
    assert.equal(operation.tier === 'own', dialect === 'lanner', id)
    if (operation.scope === 'none') {
      assert.match(operation.url, /^\/oauth2\//)
      continue
    }
    assert.ok(operation.scope.length > 0, `${id} asks for no scope`)
    for (const scope of operation.scope) {
      assert.match(
        scope,
        dialect === 'lanner' ? /^lanner-[a-z]+:(?:read|write)$/ : /^(?!lanner)[a-z-]+:(?:read|write)$/,
      )
    }
  }
})

/** They take a document, and change nothing. */
const reading = new Set(['PreviewPolicies'])

test('what reads asks for a read scope in our own dialect, what changes for a write scope', () => {
  for (const { id, dialect, operation } of everything) {
    if (dialect !== 'lanner') continue
    const right = operation.method === 'GET' || reading.has(id) ? 'read' : 'write'
    assert.deepEqual(
      [...operation.scope].map((scope) => scope.split(':')[1]),
      [right],
      id,
    )
  }
})

test('defaults lie within their bounds', () => {
  for (const { id, operation } of everything) {
    for (const [name, parameter] of Object.entries(operation.query ?? {})) {
      const { minimum, maximum, choices, window } = parameter
      const given = parameter.default
      if (typeof given === 'number') {
        assert.ok(given >= (minimum ?? given) && given <= (maximum ?? given), `${id} ${name}`)
      }
      if (typeof given === 'string') assert.ok(choices?.includes(given) ?? true, `${id} ${name}`)
      if (window !== undefined)
        assert.ok((operation.query!['limit']!.maximum ?? 0) <= window, `${id} ${name}`)
      assert.equal(parameter.fields !== undefined, parameter.kind === 'fql' || parameter.kind === 'sort')
    }
  }
})

test('an envelope has meta, errors and what the reply says', () => {
  const meta = { query_time: 0.01, trace_id: '0b0e9c52-9f5c-4a0e-8d0e-0a4ac2e9e9a1' }
  const row = {
    image_digest: `sha256:${'0'.repeat(64)}`,
    image_id: '0'.repeat(64),
    architecture: 'amd64',
    references: [{ registry: '', repository: 'shop/checkout', tag: '1.8.2' }],
    state: 'assessed',
    reasons: [],
    assessed_at: '2026-03-02T09:14:31Z',
    advisories: null,
  }
  const whole = bodyOf(images.operations.GetImageState.reply)!
  assert.equal(fits(whole, { meta, errors: [], resources: [row] }), true)
  assert.equal(fits(whole, { meta, errors: [], resources: row }), false)
  assert.equal(fits(whole, { meta, errors: [], resources: [{ ...row, state: 'fine' }] }), false)
  assert.equal(fits(whole, { meta, resources: [row] }), false)
  assert.equal(fits(whole, { meta: {}, errors: [], resources: [row] }), false)
  const done = bodyOf(acknowledged())!
  assert.equal(fits(done, { meta, errors: [] }), true)
  assert.equal(fits(done, { meta, errors: [{ code: 404 }] }), false)
})

test('files and headers have no JSON body, a bare reply is its own', () => {
  const schema: TSchema = { type: 'string' }
  assert.equal(bodyOf(bare(schema)), schema)
  assert.equal(bodyOf(file('text/csv')), undefined)
  assert.equal(bodyOf(empty()), undefined)
})

test('the statuses of an operation: its own, and those of everything that it has', () => {
  const statuses = (id: string) =>
    [...statusesOf(everything.find((each) => each.id === id)!.operation).keys()].join(' ')
  assert.equal(statuses('tokens_create'), '201 400 401 403 409 413 429 500 503')
  assert.equal(statuses('customer_settings_read'), '200 401 403 429 500 503')
  assert.equal(statuses('oauth2AccessToken'), '201 400 403 413 429 500 503')
  assert.equal(statuses('GetJob'), '200 401 403 404 429 500 503')
})

test('every declared schema is one by the meta-schema of JSON Schema 2020-12', () => {
  const ajv = new Ajv2020()
  addFormats.default(ajv)
  for (const { id, operation } of everything) {
    for (const schema of [operation.body, bodyOf(operation.reply)])
      if (schema) assert.equal(ajv.validateSchema(schema), true, `${id}: ${ajv.errorsText()}`)
  }
})

test('records of one name have one shape, wherever they are', () => {
  const shapes = new Map<string, string>()
  const look = (schema: unknown, where: string): void => {
    if (typeof schema !== 'object' || schema === null) return
    if ('title' in schema && typeof schema.title === 'string') {
      const shape = JSON.stringify(schema)
      assert.equal(shapes.get(schema.title) ?? shape, shape, `${schema.title} at ${where}`)
      shapes.set(schema.title, shape)
    }
    for (const member of Object.values(schema)) look(member, where)
  }
  for (const { id, operation } of everything) {
    look(operation.body, id)
    look((operation.reply as Reply).schema, id)
  }
  assert.ok(shapes.size > 100)
})
