import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Validator } from '@seriousme/openapi-schema-validator'
import { falcon } from './falcon/index.ts'
import { lanner } from './lanner/index.ts'
import { openApiDocument } from './openapi.ts'

const document = openApiDocument([...falcon, ...lanner], { version: '1.2.3' })
// biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects in there
const plain = JSON.parse(JSON.stringify(document)) as any

function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) =>
    key === '$ref' && typeof member === 'string' ? [member] : references(member),
  )
}

test('it is valid by the meta-schema of OpenAPI 3.1', async () => {
  const validator = new Validator()
  const result = await validator.validate(structuredClone(plain))
  assert.deepEqual(result.errors ?? [], [])
  assert.equal(result.valid, true)
  assert.equal(validator.version, '3.1')
})

test('the validator finds what is wrong', async () => {
  const broken = structuredClone(plain)
  broken.paths['/reports'].get.parameters[0].in = 'nowhere'
  assert.equal((await new Validator().validate(broken)).valid, false)
})

test('every operation is in it once, under its id', () => {
  const ids = Object.values<Record<string, { operationId: string }>>(plain.paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  )
  const declared = [...falcon, ...lanner].flatMap(({ operations }) => Object.keys(operations))
  assert.deepEqual(ids.sort(), declared.sort())
})

test('every reference leads somewhere, and every component is led to', () => {
  const used = new Set(references(plain))
  const components = Object.entries<Record<string, unknown>>(plain.components).flatMap(([kind, members]) =>
    kind === 'securitySchemes' ? [] : Object.keys(members).map((name) => `#/components/${kind}/${name}`),
  )
  assert.deepEqual([...used].sort(), components.sort())
})

test('an operation: parameters with their bounds, scopes, statuses, quirks', () => {
  const { get } = plain.paths['/container-security/combined/image-assessment/images/v1']
  const { limit, offset, filter, sort } = Object.fromEntries(
    get.parameters.map((each: { name: string }) => [each.name, each]),
  )
  assert.deepEqual(limit.schema, { type: 'integer', minimum: 1, maximum: 200, default: 100 })
  assert.equal(offset['x-window'], 10_000)
  assert.deepEqual(filter['x-fields'].architecture?.aliases, ['arch'])
  assert.equal(sort.schema.type, 'string')
  assert.deepEqual(get.security, [{ oauth2: ['falcon-container-image:read'] }])
  assert.deepEqual(get['x-scopes'], ['falcon-container-image:read'])
  assert.equal(get['x-tier'], 'seed')
  assert.equal(get['x-name'], 'get_combined_images')
  assert.deepEqual(get['x-also-in'], ['Falcon Container'])
  assert.equal(get['x-quirks'].length, 2)
  assert.deepEqual(Object.keys(get.responses), ['200', '400', '401', '403', '429', '500', '503'])
  const { schema } = get.responses['200'].content['application/json']
  assert.deepEqual(schema.required.sort(), ['errors', 'meta', 'resources'])
  assert.deepEqual(schema.properties.resources.items, { $ref: '#/components/schemas/ImageSummary' })
  assert.deepEqual(schema.properties.meta, { $ref: '#/components/schemas/Meta' })
})

test('a token is had with a form and without a token; either scope of two is enough; headers have no content', () => {
  const token = plain.paths['/oauth2/token'].post
  assert.deepEqual(token.security, [])
  assert.deepEqual(Object.keys(token.requestBody.content), ['application/x-www-form-urlencoded'])
  assert.ok(token.responses['201'])
  const credentials = plain.paths['/container-security/entities/image-registry-credentials/v1'].get
  assert.deepEqual(credentials.security, [
    { oauth2: ['falcon-container:read'] },
    { oauth2: ['falcon-container-image:read'] },
  ])
  const head = Object.values<Record<string, { responses: Record<string, object> }>>(plain.paths).find(
    (path) => path['head'],
  )!
  assert.ok(!('content' in head['head']!.responses['200']!))
  const { scopes } = plain.components.securitySchemes.oauth2.flows.clientCredentials
  assert.ok(scopes['lanner-clients:write'].includes('CreateClient'))
})
