import assert from 'node:assert/strict'
import type { BuiltImage, BuiltIndex } from '@lanner/testkit'
import type { EstateTenant } from './estate.ts'

/** Pushes an image or an index with everything in it under a tag, the way a client does. */
export async function pushBuilt(
  tenant: EstateTenant,
  repository: string,
  tag: string,
  built: BuiltImage | BuiltIndex,
): Promise<void> {
  const headers = {
    Authorization: `Basic ${Buffer.from(`${tenant.clientId}:${tenant.clientSecret}`).toString('base64')}`,
  }
  const manifests: [string, Buffer, string][] = []
  for (const [digest, bytes] of built.blobs) {
    const mediaType = mediaTypeOf(bytes)
    if (mediaType !== undefined) {
      if (digest !== built.digest) manifests.push([digest, bytes, mediaType])
      continue
    }
    const path = `/v2/${repository}/blobs/uploads/?digest=${digest}`
    const { status, text } = await tenant.send('POST', path, bytes, {
      ...headers,
      'Content-Type': 'application/octet-stream',
    })
    assert.equal(status, 201, text)
  }
  manifests.push([tag, built.blobs.get(built.digest)!, built.descriptor.mediaType])
  for (const [reference, bytes, mediaType] of manifests) {
    const path = `/v2/${repository}/manifests/${reference}`
    const { status, text } = await tenant.send('PUT', path, bytes, { ...headers, 'Content-Type': mediaType })
    assert.equal(status, 201, text)
  }
}

/** Of a manifest or an index; undefined for other blobs. */
function mediaTypeOf(bytes: Buffer): string | undefined {
  if (bytes[0] !== 0x7b) return undefined
  const { schemaVersion, mediaType } = JSON.parse(bytes.toString())
  return schemaVersion === 2 ? mediaType : undefined
}
