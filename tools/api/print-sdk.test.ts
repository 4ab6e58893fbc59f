import assert from 'node:assert/strict'
import { test } from 'node:test'
import { collection, get, patch } from '../../packages/contract/src/define.ts'
import { falcon, lanner } from '../../packages/contract/src/index.ts'
import { file, integer, list, nullable, record, resources, text } from '../../packages/contract/src/parts.ts'
import { sdkFiles } from './print-sdk.ts'
import { comment, typeOf } from './schema-type.ts'

const name = (schema: Readonly<Record<string, unknown>>) => String(schema['title'])
const Bird = record(
  'Bird',
  { name: { type: 'string', description: 'as it is ringed' }, seen: nullable({ type: 'integer' }) },
  'one bird',
)

const birds = collection('lanner', 'Ringed Birds', {
  ListBirds: get('/lanner/v1/birds', {
    tier: 'own',
    scope: ['birds:read', 'birds:write'],
    summary: 'Birds that were ringed.',
    query: {
      ids: list('rings', { required: true }),
      limit: integer('how many', { minimum: 1, maximum: 5, default: 2 }),
      order: text('by what', { choices: ['name', "it's"] }),
    },
    reply: resources(Bird),
    quirks: ['They fly.'],
  }),
  moult: patch('/lanner/v1/birds/{id}', {
    tier: 'own',
    scope: 'none',
    summary: 'Changes feathers.',
    path: { id: 'ring' },
    body: Bird,
    reply: file('image/png'),
  }),
})

test('a collection: records, parameters, inputs, a class with both names', () => {
  const text = new Map(sdkFiles([birds])).get('ringed-birds.ts')
  assert.equal(
    text,
    `// Printed from the contract by \`npm run generate\`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'

/** One bird. */
export interface Bird {
  /** as it is ringed */
  readonly name: string
  readonly seen: number | null
}

/** Parameters of ListBirds. */
export interface ListBirdsParameters {
  /** rings */
  readonly ids: string | readonly string[]
  /** how many; 1 to 5; 2 unless said */
  readonly limit?: number
  /** by what */
  readonly order?: 'name' | 'it\\'s'
}

/** What goes with a call of ListBirds. */
export interface ListBirdsInput extends CallOptions {
  readonly parameters: ListBirdsParameters
}

/** What goes with a call of moult. */
export interface MoultInput extends CallOptions {
  readonly path: {
    /** ring */
    readonly id: string
  }
  readonly body: Bird
}

/** The collection Ringed Birds of the Lanner dialect. */
export class RingedBirds extends Service {
  /**
   * Birds that were ringed.
   *
   * They fly.
   *
   * Scope: birds:read or birds:write.
   */
  ListBirds(input: ListBirdsInput): Promise<Result<Resources<Bird>>> {
    return this.client.command('ListBirds', input)
  }

  /** The same as ListBirds. */
  list_birds(input: ListBirdsInput): Promise<Result<Resources<Bird>>> {
    return this.client.command('ListBirds', input)
  }

  /** Changes feathers. */
  moult(input: MoultInput): Promise<Result<Uint8Array>> {
    return this.client.command('moult', input)
  }
}
`,
  )
})

test('what the client has to know of an operation', () => {
  const text = new Map(sdkFiles([birds])).get('operations.ts') ?? ''
  assert.ok(
    text.includes(`  moult: {
    collection: 'Ringed Birds',
    name: 'moult',
    summary: 'Changes feathers.',
    method: 'PATCH',
    url: '/lanner/v1/birds/{id}',
    answer: 'bytes',
    tokenless: true,
  },`),
  )
})

test('a record that several collections have is printed once, with what it holds', () => {
  const Flock = record('Flock', { birds: { type: 'array', items: Bird } })
  const of = (title: string, id: string) =>
    collection('lanner', title, {
      [id]: get(`/lanner/v1/${id}`, { tier: 'own', scope: [], summary: 'It.', reply: resources(Flock) }),
    })
  const files = new Map(sdkFiles([of('One', 'A'), of('Two', 'B')]))
  const records = files.get('records.ts') ?? ''
  assert.match(records, /interface Bird \{[\s\S]*interface Flock \{\n {2}readonly birds: readonly Bird\[\]/)
  for (const path of ['one.ts', 'two.ts']) {
    assert.doesNotMatch(files.get(path) ?? '', /interface (?:Bird|Flock)/)
    assert.ok(files.get(path)?.includes(`import type { Flock } from './records.ts'`))
  }
})

test('two things of one name are refused', () => {
  const Clash = record('ListClashesInput', {})
  const clashes = collection('lanner', 'Clashes', {
    ListClashes: get('/lanner/v1/x', { tier: 'own', scope: [], summary: 'It.', reply: resources(Clash) }),
  })
  assert.throws(() => sdkFiles([clashes]), /two things of the SDK are called ListClashesInput/)
})

test('types of schemas', () => {
  const cases = [
    [{}, 'unknown'],
    [
      { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
      'readonly (string | null)[]',
    ],
    [{ anyOf: [{ type: 'integer' }, { type: 'number' }] }, 'number'],
    [{ enum: ['a', 1, null] }, "'a' | 1 | null"],
    [
      { type: 'object', patternProperties: { '^.*$': { type: 'boolean' } } },
      'Readonly<Record<string, boolean>>',
    ],
    [{ type: 'object', properties: { 'a-b': {} }, required: ['a-b'] }, "{\n  readonly 'a-b': unknown\n}"],
    [Bird, 'Bird'],
  ] as const
  for (const [schema, type] of cases) assert.equal(typeOf(schema, name), type)
})

test('a keyword or a type that the printer does not know is refused, and the contract has none', () => {
  assert.throws(() => typeOf({ type: 'string', pattern: 'x' }, name), /keyword pattern has no type/)
  assert.throws(() => typeOf({ type: 'bird' }, name), /type "bird" has no type/)
  assert.ok(sdkFiles([...falcon, ...lanner]).length > 20)
})

test('no text ends a comment', () => {
  assert.equal(comment(['a */ b']), '/** a *\\/ b */\n')
})
