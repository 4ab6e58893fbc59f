import {
  acknowledged,
  boolean,
  collection,
  del,
  type FieldTable,
  file,
  fql,
  get,
  integer,
  list,
  paging,
  patch,
  post,
  resource,
  resources,
  sortBy,
  text,
} from '@lanner/contract'
import { Fault } from '@lanner/model'
import { Type } from 'typebox'
import { room } from '../http/dialect.ts'
import { RequestFault } from '../use-cases/request-fault.ts'

const fields = {
  repository: { kind: 'text', sort: true, description: 'repository' },
  first_seen: { kind: 'time', sort: true, description: 'first seen' },
} as const satisfies FieldTable

const Echo = Type.Object({ query: Type.Unknown(), body: Type.Unknown(), path: Type.Unknown() })

const birds = collection('falcon', 'Birds', {
  ListBirds: get('/birds/queries/birds/v1', {
    tier: 'own',
    scope: ['birds:read', 'birds:admin'],
    summary: 'Lists.',
    query: {
      ...paging({ limit: 100, window: 1000 }),
      filter: fql(fields),
      sort: sortBy(fields),
      ids: list('ids', { maximumItems: 3 }),
      kind: text('kind', { choices: ['Falcon', 'Owl'] }),
      tame: boolean('tame'),
      wings: integer('wings', { minimum: 0, maximum: 2, aliases: ['wing_count'] }),
    },
    reply: resources(Echo),
  }),
  CreateBird: post('/birds/entities/birds/v1', {
    tier: 'own',
    scope: ['birds:write'],
    summary: 'Creates.',
    body: Type.Object({
      name: Type.String(),
      nests: Type.Optional(Type.Array(Type.Object({ at: Type.String() }))),
    }),
    status: 201,
    reply: resource(Echo),
  }),
  UpdateBird: patch('/birds/entities/birds/v1', {
    tier: 'own',
    scope: ['birds:write'],
    summary: 'Updates.',
    alsoMethods: ['POST'],
    query: { id: text('id') },
    body: Type.Object({ name: Type.Optional(Type.String()) }),
    reply: resources(Echo),
  }),
  DeleteBird: del('/birds/entities/birds/{id}', {
    tier: 'own',
    scope: ['birds:write'],
    summary: 'Deletes.',
    reply: acknowledged(),
  }),
  Refuse: get('/birds/refuse/{code}', {
    tier: 'own',
    scope: [],
    summary: 'Refuses.',
    reply: resources(Echo),
  }),
  Song: get('/birds/song', { tier: 'own', scope: [], summary: 'Sings.', reply: file('audio/x') }),
  Wrong: get('/birds/wrong', {
    tier: 'own',
    scope: [],
    summary: 'Lies.',
    reply: resources(Type.Object({ a: Type.String() })),
  }),
})

const echo = ({ query, body, path }: { query: unknown; body: unknown; path: unknown }) => ({
  query,
  body: body ?? null,
  path,
})

/** A collection that says what was asked of it: one operation for each thing that a dialect does. */
export const birdRoom = room<typeof birds, object>(birds, {
  ListBirds: async (request) => ({
    resources: [echo(request)],
    pagination: { limit: request.query.limit, offset: request.query.offset, total: 1 },
  }),
  CreateBird: async (request) => ({ resource: echo(request), affected: 1 }),
  UpdateBird: async (request) => ({ resources: [echo(request)] }),
  DeleteBird: async () => ({ affected: 1 }),
  Refuse: async ({ path }) => {
    const code = path['code'] as string
    if (code === 'crash') throw new Error('the password is hunter2')
    if (code === 'slow') throw new Fault('timeout', 'a statement was given up', { retryable: true })
    if (code === 'disk') throw Object.assign(new Error('write'), { code: 'ENOSPC' })
    throw new RequestFault(code as 'conflict', 'there is one', { id: 'b1', retryAt: Date.now() + 5000 })
  },
  Song: async () => ({ file: sing(), contentType: 'audio/x', name: 'so/ng".wav' }),
  Wrong: async () => ({ resources: [{ a: 1 as unknown as string }] }),
})

async function* sing() {
  yield Buffer.from('tirili ')
  yield Buffer.from('tirila')
}
