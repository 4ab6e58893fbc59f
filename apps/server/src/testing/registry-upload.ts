import assert from 'node:assert/strict'
import type { PushRegistry } from './push-registry.ts'

/** Begins an upload (end-4a); gives its location. */
export async function beginUpload(registry: PushRegistry, repository: string, query = ''): Promise<string> {
  const answer = await registry.request(`/v2/${repository}/blobs/uploads/${query}`, { method: 'POST' })
  assert.equal(answer.status, 202)
  assert.equal(answer.headers.get('content-length'), '0')
  const location = answer.headers.get('location') ?? ''
  assert.match(location, /\/blobs\/uploads\/[0-9a-f-]{36}$/)
  return location
}

/** A request with bytes of a blob. */
export function sendBytes(
  registry: PushRegistry,
  method: string,
  path: string,
  bytes: Uint8Array = new Uint8Array(),
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = bytes.length > 0 ? { body: new Uint8Array(bytes) } : {}
  return registry.request(path, {
    method,
    headers: { 'content-type': 'application/octet-stream', ...headers },
    ...body,
  })
}
