import assert from 'node:assert/strict'
import { errorCode } from './push-content.ts'
import type { PushRegistry } from './push-registry.ts'

/** A request with what the specification says of its answer. */
export interface SpecifiedAnswer {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly headers?: Record<string, string>
  readonly body?: Uint8Array | string
  readonly as?: string
  readonly status: number
  /** Error code, where it fails. */
  readonly code?: string
  /** Headers that the answer has; null for those that it must not have. */
  readonly answers?: Readonly<Record<string, string | RegExp | null>>
  readonly content?: Uint8Array | string
  readonly json?: unknown
}

/** Asks, and holds the answer to what is said of it. */
export async function holds(registry: PushRegistry, row: SpecifiedAnswer): Promise<void> {
  const { method, path, headers, body, as } = row
  const answer = await registry.request(path, {
    method,
    ...(headers ? { headers } : {}),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : new Uint8Array(body) }),
    ...(as === undefined ? {} : { as }),
  })
  const bytes = Buffer.from(await answer.clone().arrayBuffer())
  assert.equal(answer.status, row.status, bytes.toString().slice(0, 500))
  assert.equal(answer.headers.get('docker-distribution-api-version'), 'registry/2.0')
  for (const [name, expected] of Object.entries(row.answers ?? {})) {
    const found = answer.headers.get(name)
    if (expected instanceof RegExp) assert.match(found ?? '', expected, name)
    else assert.equal(found, expected, name)
  }
  if (row.code !== undefined && method !== 'HEAD') assert.equal(await errorCode(answer), row.code)
  if (row.content !== undefined) assert.deepEqual(bytes, Buffer.from(row.content))
  if (row.json !== undefined) assert.deepEqual(JSON.parse(bytes.toString()), row.json)
}
