import type { Estate, EstateTenant } from '../../apps/server/src/testing/estate.ts'
import { furnish } from '../../apps/server/src/testing/estate-holdings.ts'
import type { TestReply } from '../../apps/server/src/testing/server.ts'
import type { Operation } from '../../packages/contract/src/index.ts'
import { exampleCollections } from './collections.ts'
import type { ExampleCollection, ExampleRequest, QueryValue, Scene } from './example.ts'
import { Steadied } from './steadied.ts'

/** An example as it went. */
export interface Ran {
  readonly request: ExampleRequest
  readonly reply: TestReply
  /** Request and answer as they are shown: values that differ from run to run replaced, long lists cut. */
  readonly shown: {
    readonly request: ExampleRequest
    readonly headers: Readonly<Record<string, string>>
    readonly answer: unknown
    readonly cut: boolean
  }
}

export interface RanCollection extends Omit<ExampleCollection, 'examples'> {
  /** By operation id. */
  readonly ran: ReadonlyMap<string, Ran>
}

/** Every example as it went, and what those that were not answered as they should be said in place of it. */
export interface RanExamples {
  readonly collections: readonly RanCollection[]
  readonly wrong: readonly string[]
}

/** Runs every example, in order, as the first tenant of a furnished estate. */
export async function runExamples(estate: Estate): Promise<RanExamples> {
  const [held] = await furnish(estate)
  const [tenant] = estate.tenants
  const scene: Scene = {
    estate,
    tenant,
    held,
    async ask({ operations }, id, request = {}) {
      const operation = operations[id]!
      const reply = await sendExample(tenant, operation, request as ExampleRequest)
      if (reply.status !== (operation.status ?? 200)) throw new Error(`${id}: ${reply.status} ${reply.text}`)
      return [reply.body.resources].flat()
    },
  }
  const collections: RanCollection[] = []
  const wrong: string[] = []
  for (const { collection, file, examples } of exampleCollections) {
    const ran = new Map<string, Ran>()
    for (const [id, make] of Object.entries(examples)) {
      const operation = collection.operations[id]!
      try {
        const request = await make(scene)
        const reply = await sendExample(tenant, operation, request)
        const expected = request.refused?.status ?? operation.status ?? 200
        if (reply.status !== expected) {
          wrong.push(`${id}: ${reply.status} in place of ${expected}: ${reply.text}`)
          continue
        }
        ran.set(id, { request, reply, shown: new Steadied(estate).example(request, reply) })
      } catch (error) {
        wrong.push(`${id}: ${error}`)
      }
      if (operation.method !== 'GET') await estate.settled()
    }
    collections.push({ collection, file, ran })
  }
  return { collections, wrong: [...wrong, ...estate.complaints] }
}

function sendExample(
  tenant: EstateTenant,
  operation: Operation,
  { query = {}, path = {}, body, basic }: ExampleRequest,
): Promise<TestReply> {
  const form = operation.consumes === 'form'
  const credentials = Buffer.from(`${tenant.clientId}:${tenant.clientSecret}`).toString('base64')
  return tenant.call(operation.method, pathOf(operation, path), {
    query: query as Readonly<Record<string, QueryValue>>,
    ...(operation.scope === 'none' ? { token: '' } : {}),
    ...(body === undefined ? {} : { body: form ? String(new URLSearchParams(body as never)) : body }),
    headers: {
      ...(form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}),
      ...(basic ? { Authorization: `Basic ${credentials}` } : {}),
    },
  })
}

export function pathOf({ url }: Operation, path: Readonly<Record<string, string>>): string {
  return url.replaceAll(/\{(?<name>\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))
}
