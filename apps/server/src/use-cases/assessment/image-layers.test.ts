import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Digest } from '@lanner/model'
import { imageLayers } from './image-layers.ts'

test('chain ids are those of the image specification', () => {
  const layers = ['a', 'b', 'c'].map((word) => ({
    digest: `sha256:${word.repeat(64)}` as Digest,
    diffId: `sha256:${word.repeat(64)}` as Digest,
  }))
  // printf 'sha256:aa… sha256:bb…' | sha256sum, and once more with that and sha256:cc…
  assert.deepEqual(
    imageLayers(layers).map(({ chainId }) => chainId.toString('hex')),
    [
      'a'.repeat(64),
      'ccd722928bd92476ba1745586fed6e45a102504185ad88cd89e01ff116fd146c',
      'c1377126441fb2f5ec2c21ae2a60255331d639e830f0ee1b40a36e52d4c40588',
    ],
  )
  assert.deepEqual(imageLayers([]), [])
})
