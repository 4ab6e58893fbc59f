import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Checked } from '@lanner/fql'
import { Type } from 'typebox'
import { type Body, collection, get, type Handlers, head, post, type Request, type Row } from './define.ts'
import type { FieldTable } from './field-table.ts'
import {
  acknowledged,
  bare,
  boolean,
  empty,
  file,
  fql,
  list,
  paging,
  record,
  resource,
  resources,
  type SortKey,
  sortBy,
  text,
} from './parts.ts'

const fields = {
  name: { kind: 'text', sort: true, description: 'name' },
} as const satisfies FieldTable

const Bird = record('Bird', { id: Type.String(), wings: Type.Integer() })

const aviary = collection('lanner', 'Aviary', {
  ListBirds: get('/lanner/v1/birds', {
    tier: 'own',
    scope: ['lanner-birds:read'],
    summary: 'Birds.',
    query: {
      ...paging({ limit: 50 }),
      filter: fql(fields),
      sort: sortBy(fields),
      ids: list('ids', { required: true }),
      tame: boolean('only tame ones'),
      format: text('format', { choices: ['json'], default: 'json' }),
    },
    reply: resources(Bird),
  }),
  HatchBird: post('/lanner/v1/birds', {
    tier: 'own',
    scope: ['lanner-birds:write'],
    summary: 'Hatches a bird.',
    body: record('Egg', { wings: Type.Optional(Type.Integer()) }),
    status: 201,
    reply: resource(Bird),
  }),
  DrawBird: get('/lanner/v1/birds/{id}/picture', {
    tier: 'own',
    scope: 'none',
    summary: 'A picture of a bird.',
    path: { id: 'bird' },
    reply: file('image/png'),
  }),
  CountBirds: get('/lanner/v1/count', {
    tier: 'own',
    scope: [],
    summary: 'How many.',
    reply: bare(Type.Object({ count: Type.Integer() })),
  }),
  LookForBird: head('/lanner/v1/birds/{id}', {
    tier: 'own',
    scope: [],
    summary: 'Whether it is there.',
    path: { id: 'bird' },
    reply: empty(),
  }),
  FeedBirds: post('/lanner/v1/feed', { tier: 'own', scope: [], summary: 'Feeds.', reply: acknowledged() }),
})

interface Birds {
  search(query: {
    limit: number
    offset: number
    filter?: Checked
    sort?: readonly SortKey[]
    ids: readonly string[]
    tame?: boolean
    format: string
  }): Promise<{ rows: readonly { name: string }[]; total: number }>
}

interface Services {
  readonly birds: Birds
}

const handlers: Handlers<typeof aviary, Services> = {
  async ListBirds({ query }, { birds }) {
    const { rows, total } = await birds.search(query)
    return {
      resources: rows.map(({ name }) => ({ id: name, wings: 2 })),
      pagination: { limit: query.limit, offset: query.offset, total },
    }
  },
  HatchBird: async ({ body, caller }) => ({ resource: { id: caller.cid, wings: body.wings ?? 2 } }),
  DrawBird: async ({ path }) => ({ file: `bird ${path['id']}`, contentType: 'image/png' }),
  CountBirds: async () => ({ value: { count: 1 } }),
  LookForBird: async () => ({ headers: { 'X-Bird': 'here' } }),
  FeedBirds: async () => ({ affected: 3 }),
}

type ListQuery = Request<(typeof aviary)['operations']['ListBirds']>['query']
/** Assignable both ways, and not `any`. */
type Same<A, B> = 0 extends 1 & A ? false : [A] extends [B] ? ([B] extends [A] ? true : false) : false

/** What the compiler has to find out, and what it has to refuse. None of it needs to run. */
const types = {
  // Required parameters and those with a default are there, the others may be missing.
  limit: true satisfies Same<ListQuery['limit'], number>,
  ids: true satisfies Same<ListQuery['ids'], readonly string[]>,
  format: true satisfies Same<ListQuery['format'], string>,
  tame: true satisfies Same<ListQuery['tame'], boolean | undefined>,
  filter: true satisfies Same<ListQuery['filter'], Checked | undefined>,
  sort: true satisfies Same<ListQuery['sort'], readonly SortKey[] | undefined>,
  row: true satisfies Same<Row<typeof aviary, 'ListBirds'>, { id: string; wings: number }>,
  body: true satisfies Same<Body<typeof aviary, 'HatchBird'>, { wings?: number }>,
  noBody: true satisfies Same<Body<typeof aviary, 'CountBirds'>, undefined>,
}

// @ts-expect-error a handler is missing
export const tooFew: Handlers<typeof aviary, Services> = { CountBirds: handlers.CountBirds }

export const tooMany: Handlers<typeof aviary, Services> = {
  ...handlers,
  // @ts-expect-error there is no such operation
  PluckBird: async () => ({}),
}

export const wrongRow: Handlers<typeof aviary, Services> = {
  ...handlers,
  // @ts-expect-error wings are a number
  HatchBird: async () => ({ resource: { id: 'a', wings: 'two' } }),
}

export const wrongKind: Handlers<typeof aviary, Services> = {
  ...handlers,
  // @ts-expect-error one object, not many
  HatchBird: async () => ({ resources: [] }),
}

export const wrongQuery: Handlers<typeof aviary, Services> = {
  ...handlers,
  // @ts-expect-error no such parameter
  ListBirds: async ({ query }) => ({ resources: [{ id: query.colour, wings: 2 }] }),
}

export const noQuery: Handlers<typeof aviary, Services> = {
  ...handlers,
  // @ts-expect-error it takes no parameter at all
  CountBirds: async ({ query }) => ({ value: { count: query.limit } }),
}

export const noBody: Handlers<typeof aviary, Services> = {
  ...handlers,
  // @ts-expect-error it takes no body
  CountBirds: async ({ body }) => ({ value: { count: body.wings } }),
}

test('handlers are called with what their operation declares', async () => {
  assert.ok(Object.values(types).every(Boolean))
  assert.deepEqual(Object.keys(handlers), Object.keys(aviary.operations))
  const services: Services = {
    birds: { search: async ({ ids }) => ({ rows: ids.map((name) => ({ name })), total: 7 }) },
  }
  const caller = { cid: 'c1', actor: 'a', scopes: new Set<string>() }
  const request = {
    caller,
    origin: { address: '127.0.0.1', url: 'http://127.0.0.1', traceId: 't' },
    path: {},
    signal: new AbortController().signal,
    body: undefined,
  }
  const query = { limit: 10, offset: 0, ids: ['kestrel'], format: 'json' }
  assert.deepEqual(await handlers.ListBirds({ ...request, query }, services), {
    resources: [{ id: 'kestrel', wings: 2 }],
    pagination: { limit: 10, offset: 0, total: 7 },
  })
  assert.deepEqual(await handlers.HatchBird({ ...request, query: {}, body: {} }, services), {
    resource: { id: 'c1', wings: 2 },
  })
})
