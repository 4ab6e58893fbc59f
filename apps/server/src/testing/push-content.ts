import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { Digest } from '@lanner/model'
import type { PushRegistry } from './push-registry.ts'

export const ociManifest = 'application/vnd.oci.image.manifest.v1+json'
export const ociIndex = 'application/vnd.oci.image.index.v1+json'

/** A manifest as a test wrote it. */
export interface WrittenManifest {
  readonly content: Buffer
  readonly mediaType: string
  readonly digest: Digest
  readonly descriptor: { readonly mediaType: string; readonly digest: Digest; readonly size: number }
}

export function digestOf(bytes: Uint8Array, algorithm: 'sha256' | 'sha512' = 'sha256'): Digest {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}` as Digest
}

export function descriptorOf(bytes: Uint8Array, mediaType = 'application/octet-stream') {
  return { mediaType, digest: digestOf(bytes), size: bytes.length }
}

/** Bytes of a blob. */
export const hello = Buffer.from('hello, registry')
export const helloDigest = digestOf(hello)
/** The digest of what nobody pushes. */
export const absent = digestOf(Buffer.from('nobody pushed this'))

/** A manifest with whatever fields. */
export function written(fields: Record<string, unknown>, mediaType = ociManifest): WrittenManifest {
  const content = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...fields }))
  const digest = digestOf(content)
  return { content, mediaType, digest, descriptor: { mediaType, digest, size: content.length } }
}

/** An image of one layer whose config says its name, with the blobs that it needs. */
export function tinyImage(name: string, more: Record<string, unknown> = {}) {
  const config = Buffer.from(JSON.stringify({ os: 'linux', architecture: 'amd64', name }))
  const layer = Buffer.from(`layer of ${name}`)
  const manifest = written({
    config: descriptorOf(config, 'application/vnd.oci.image.config.v1+json'),
    layers: [descriptorOf(layer, 'application/vnd.oci.image.layer.v1.tar')],
    ...more,
  })
  return { ...manifest, config, layer }
}

/** Pushes a blob in one request. */
export async function pushBlob(
  registry: PushRegistry,
  repository: string,
  bytes: Uint8Array,
  as = 'alice',
): Promise<Digest> {
  const digest = digestOf(bytes)
  const path = `/v2/${repository}/blobs/uploads/?digest=${digest}`
  const answer = await registry.request(path, { method: 'POST', body: new Uint8Array(bytes), as })
  assert.equal(answer.status, 201, await answer.text())
  return digest
}

export function putManifest(
  registry: PushRegistry,
  repository: string,
  reference: string,
  manifest: { readonly content: Buffer; readonly mediaType: string },
  as = 'alice',
): Promise<Response> {
  return registry.request(`/v2/${repository}/manifests/${reference}`, {
    method: 'PUT',
    headers: { 'content-type': manifest.mediaType },
    body: new Uint8Array(manifest.content),
    as,
  })
}

/** Pushes an image with its blobs. */
export async function pushTinyImage(
  registry: PushRegistry,
  repository: string,
  reference: string,
  image: ReturnType<typeof tinyImage>,
  as = 'alice',
): Promise<void> {
  await pushBlob(registry, repository, image.config, as)
  await pushBlob(registry, repository, image.layer, as)
  const answer = await putManifest(registry, repository, reference, image, as)
  assert.equal(answer.status, 201, await answer.text())
}

/** Code of the first error in a body of the specification's shape. */
export async function errorCode(answer: Response): Promise<string> {
  const body = (await answer.json()) as { errors: { code: string; message: string }[] }
  assert.equal(answer.headers.get('content-type'), 'application/json')
  assert.ok(body.errors.length > 0)
  for (const error of body.errors) {
    assert.match(error.code, /^[A-Z_]+$/)
    assert.equal(typeof error.message, 'string')
  }
  return body.errors[0].code
}
