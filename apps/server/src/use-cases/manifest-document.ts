import type { Descriptor } from '@lanner/oci'
import { parseManifestDocument, parseSubject, SourceFault } from '@lanner/oci'
import { ContentFault } from './content-fault.ts'

/** Bytes of the largest manifest that is taken. */
export const maxManifestBytes = 8 * 1024 * 1024

/** What a pushed manifest says of itself. */
export interface PushedDocument {
  readonly mediaType: string
  /** What must be there before it, with sizes; layers that lie elsewhere (`urls`) left out. */
  readonly blobs: readonly Descriptor[]
  /** Of an index: its manifests. */
  readonly children: readonly Descriptor[]
  readonly subject?: Descriptor
  /** Of an image manifest without one: its config's media type. */
  readonly artifactType?: string
  /** Every layer is a statement about an image: what BuildKit pushes beside each image that it builds. */
  readonly statements: boolean
  readonly annotations?: Readonly<Record<string, string>>
}

const taken: ReadonlySet<string> = new Set([
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
])

/** Layers that clients do not push: Windows base layers, for one. */
const foreign =
  /^application\/vnd\.(?:docker\.image\.rootfs\.foreign\.|oci\.image\.layer\.nondistributable\.)/

/** https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md */
const statement = 'application/vnd.in-toto+json'

/** Reads a manifest that is pushed as `contentType`; throws `manifest-invalid`. */
export function readPushedDocument(content: Buffer, contentType: string | undefined): PushedDocument {
  const claimed = contentType?.split(';', 1)[0].trim().toLowerCase() || undefined
  try {
    const document = parseManifestDocument(content, claimed, 'the manifest')
    const subject = parseSubject(content, 'the manifest')
    const parts = document.kind === 'index' ? document.index : document.manifest
    const mediaType = parts.mediaType
    if (!taken.has(mediaType)) refuse(`the media type ${mediaType} is not supported`)
    if (claimed !== undefined && claimed !== mediaType) {
      refuse(`it was sent as ${claimed} but says that it is ${mediaType}`)
    }
    const about = {
      mediaType,
      ...(subject ? { subject } : {}),
      ...(parts.annotations ? { annotations: parts.annotations } : {}),
    }
    if (document.kind === 'index') {
      const artifactType = document.artifactType
      return {
        ...about,
        blobs: [],
        statements: false,
        children: document.index.manifests,
        ...(artifactType ? { artifactType } : {}),
      }
    }
    const { config, layers } = document.manifest
    const artifactType = document.artifactType ?? config.mediaType
    const blobs = [config, ...layers.filter((layer) => !foreign.test(layer.mediaType))]
    const statements = layers.length > 0 && layers.every((layer) => layer.mediaType === statement)
    return { ...about, blobs, statements, children: [], ...(artifactType ? { artifactType } : {}) }
  } catch (error) {
    if (error instanceof SourceFault) {
      throw new ContentFault('manifest-invalid', error.message, { cause: error })
    }
    throw error
  }
}

function refuse(reason: string): never {
  throw new ContentFault('manifest-invalid', `the manifest was not taken: ${reason}`)
}
