import { createHash } from 'node:crypto'
import type { LayerFacts } from '@lanner/model'
import type { ImageLayer } from '../../db/image-layer.ts'

/**
 * The layers of an image with their chain ids, by which images are told to be based on another.
 * https://github.com/opencontainers/image-spec/blob/main/config.md#layer-chainid
 */
export function imageLayers(layers: readonly Pick<LayerFacts, 'digest' | 'diffId'>[]): ImageLayer[] {
  let chain = ''
  return layers.map(({ digest, diffId }) => {
    chain =
      chain === '' ? diffId : `sha256:${createHash('sha256').update(`${chain} ${diffId}`).digest('hex')}`
    return { digest, chainId: Buffer.from(chain.slice(chain.indexOf(':') + 1), 'hex') }
  })
}
