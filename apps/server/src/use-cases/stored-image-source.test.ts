import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SourceFault } from '@lanner/oci'
import { image, index, layer } from '@lanner/testkit'
import { ociIndex, ociManifest, pushBlob, putManifest } from '../testing/push-content.ts'
import { aliceCid, bobCid, type PushRegistry, startPushRegistry } from '../testing/push-registry.ts'
import { storedImageSource } from './stored-image-source.ts'

const one = image({ layers: [layer({ 'etc/os-release': 'ID=debian\n' }), layer({ 'app/x': 'y' })] })
const two = image({ layers: [layer({ 'etc/os-release': 'ID=alpine\n' })], platform: 'linux/arm64' })

async function pushed(registry: PushRegistry): Promise<void> {
  for (const built of [one, two]) {
    await pushBlob(registry, 'shop/checkout', built.config)
    for (const { bytes } of built.layers) await pushBlob(registry, 'shop/checkout', bytes)
    const put = await putManifest(registry, 'shop/checkout', built.digest, {
      content: built.manifest,
      mediaType: ociManifest,
    })
    assert.equal(put.status, 201, await put.text())
  }
}

async function collected(parts: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = []
  for await (const part of parts) all.push(part)
  return Buffer.concat(all)
}

test('the images behind a tag are read from the store, for their tenant alone', async (t) => {
  const registry = await startPushRegistry(t)
  await pushed(registry)
  const both = index([one, two])
  await putManifest(registry, 'shop/checkout', 'both', { content: both.bytes, mediaType: ociIndex })
  const stored = {
    cid: aliceCid,
    repository: 'shop/checkout',
    reference: 'both',
    registry: 'registry.example',
  }
  const source = storedImageSource(registry, stored)
  assert.equal(source.reference, 'registry.example/shop/checkout:both')
  const { images, others } = await source.resolve()
  assert.deepEqual(others, [])
  assert.deepEqual(
    images.map((found) => [found.manifestDigest, found.indexDigest, found.config.architecture]),
    [
      [one.digest, both.digest, 'amd64'],
      [two.digest, both.digest, 'arm64'],
    ],
  )
  const [first] = images
  const [base] = first.manifest.layers
  assert.deepEqual(await collected(source.blob(base)), one.layers[0].bytes)
  assert.deepEqual(await collected(source.blob(base, { offset: 7 })), one.layers[0].bytes.subarray(7))
  assert.deepEqual(await collected(source.blob(base, { offset: base.size })), Buffer.alloc(0))
  const foreign = storedImageSource(registry, { ...stored, cid: bobCid })
  await assert.rejects(foreign.resolve(), isNotFound)
  await assert.rejects(collected(foreign.blob(base)), isNotFound)
})

test('a manifest by its digest; what is not there is not found', async (t) => {
  const registry = await startPushRegistry(t)
  await pushed(registry)
  const place = { cid: aliceCid, repository: 'shop/checkout' }
  const source = storedImageSource(registry, { ...place, reference: two.digest })
  const { images } = await source.resolve()
  assert.equal(images[0].config.architecture, 'arm64')
  assert.equal(images[0].indexDigest, undefined)
  for (const reference of ['none', two.configDigest]) {
    await assert.rejects(storedImageSource(registry, { ...place, reference }).resolve(), isNotFound)
  }
})

test('a reader that is told to stop leaves no file open', async (t) => {
  const registry = await startPushRegistry(t)
  await pushed(registry)
  const reference = { cid: aliceCid, repository: 'shop/checkout', reference: one.digest }
  const source = storedImageSource(registry, reference)
  const [found] = (await source.resolve()).images
  const stop = new AbortController()
  stop.abort(new Error('no longer wanted'))
  await assert.rejects(
    collected(source.blob(found.manifest.layers[0], { signal: stop.signal })),
    /no longer wanted/,
  )
})

function isNotFound(error: unknown): boolean {
  return error instanceof SourceFault && error.code === 'not-found'
}
