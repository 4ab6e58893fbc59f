import { parseJson } from '../documents.ts'
import { SourceFault } from '../source-fault.ts'

/** One image of a docker-archive, as its manifest.json tells. */
export interface DockerImage {
  /** Name of the config in the archive. */
  readonly config: string
  /** `RepoTags`: `alpine:3.10`. */
  readonly tags: readonly string[]
  /** Names of the layers in the archive, base first. */
  readonly layers: readonly string[]
}

const maxImages = 5_000
const maxItems = 2_000

/** Reads a docker-archive's manifest.json; throws `malformed`. `what` names it in messages. */
export function parseDockerManifest(bytes: Buffer, what: string): readonly DockerImage[] {
  const document = parseJson(bytes, what)
  if (!Array.isArray(document)) throw new SourceFault('malformed', `${what} is not a list of images`)
  if (document.length > maxImages) {
    throw new SourceFault(
      'malformed',
      `${what} lists ${document.length} images; at most ${maxImages} are read`,
    )
  }
  return document.map((item: unknown, at) => {
    const image = (typeof item === 'object' && item !== null ? item : {}) as Record<string, unknown>
    const config = image['Config']
    if (typeof config !== 'string' || config === '')
      throw new SourceFault('malformed', `${what}: image ${at} names no config`)
    return {
      config,
      tags: names(image['RepoTags'], `${what}: image ${at}: RepoTags`),
      layers: names(image['Layers'], `${what}: image ${at}: Layers`),
    }
  })
}

function names(value: unknown, what: string): readonly string[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value) || value.length > maxItems || !value.every((item) => typeof item === 'string')) {
    throw new SourceFault('malformed', `${what} is not a list of at most ${maxItems} names`)
  }
  return value
}
