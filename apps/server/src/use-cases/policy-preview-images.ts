import type { Distribution } from '@lanner/model'
import type { AskedFacts, ImagePolicyFacts, PolicyDetection, UnassessedReference } from '@lanner/policy'
import type { Database } from '../db/database.ts'
import {
  detectionsOfContents,
  type PreviewImageRow,
  type PreviewPlace,
  previewImages,
  profileDistributions,
  unreadPreviewImages,
} from '../db/preview-image.ts'
import { detectionOf, distributionOf, runsAsRoot } from './policy-fact-parts.ts'
import type { SetContent } from './policy-preview-content.ts'

/** An assessed image with all that policies ask of it, and where the rest of it is kept. */
export interface PreviewImage {
  readonly facts: ImagePolicyFacts
  readonly contentDigest: string
}

/** Images that are judged in one go. */
export interface ImageSlice {
  readonly rows: readonly PreviewImageRow[]
  /** An image with the content of its set. */
  image(row: PreviewImageRow, content: SetContent): PreviewImage
}

/** Images of a slice: some hundred sets. */
const previewSlice = 2_000

const mostProfiles = 10_000
const noDetections: readonly PolicyDetection[] = []

/** Reads the images of a tenant, a slice at a time, as far as policies ask for them. */
export class PreviewImages {
  readonly #database: Database
  readonly #cid: string
  readonly #asked: AskedFacts
  readonly #distributions = new Map<number, Distribution | undefined>()

  constructor(database: Database, cid: string, asked: AskedFacts) {
    this.#database = database
    this.#cid = cid
    this.#asked = asked
  }

  /** Images with a set of packages, those of one set together; none when there are no more. */
  async slice(after: PreviewImageRow | undefined): Promise<ImageSlice> {
    const { props } = this.#asked
    const wanted = {
      created: props.has('image.image_age_days'),
      config: props.has('image.runs_as_root'),
    }
    const place: PreviewPlace | undefined = after && {
      setId: after.set_id ?? 0,
      imageUuid: after.image_uuid,
    }
    const rows = await previewImages(this.#database, this.#cid, wanted, place, previewSlice)
    const detections = await this.#detections(rows)
    const distributions = await this.#distributionsOf(rows)
    return {
      rows,
      image: (row, content) => ({
        contentDigest: row.content_digest,
        facts: {
          registry: row.registry,
          repository: row.repository,
          tag: row.tag,
          digest: row.digest,
          ...(row.index_digest ? { indexDigest: row.index_digest } : {}),
          ...distributionOf(distributions.get(row.profile_id ?? -1)),
          architecture: row.architecture,
          ...(row.created ? { created: row.created } : {}),
          assessment: row.state,
          ...rootOf(row.config),
          packages: content.packages,
          findings: content.findings,
          detections: detections.get(row.content_digest) ?? noDetections,
        },
      }),
    }
  }

  /** Images that nothing was read of, a slice at a time. */
  unread(after: PreviewImageRow | undefined): Promise<readonly PreviewImageRow[]> {
    return unreadPreviewImages(this.#database, this.#cid, after?.image_uuid, previewSlice)
  }

  /** One list for each content, so that images with the same are known by it. */
  async #detections(
    rows: readonly PreviewImageRow[],
  ): Promise<ReadonlyMap<string, readonly PolicyDetection[]>> {
    if (!this.#asked.detections || rows.length === 0) return new Map()
    const contents = new Set(rows.map((row) => row.content_digest))
    const found = Map.groupBy(
      await detectionsOfContents(this.#database, [...contents]),
      ({ digest }) => digest,
    )
    return new Map([...found].map(([digest, list]) => [digest, list.map(detectionOf)]))
  }

  async #distributionsOf(
    rows: readonly PreviewImageRow[],
  ): Promise<ReadonlyMap<number, Distribution | undefined>> {
    if (!this.#asked.props.has('image.base_os')) return new Map()
    const known = this.#distributions
    const ids = new Set(rows.map((row) => row.profile_id ?? -1))
    if (known.size + ids.size > mostProfiles) known.clear()
    const missing = [...ids].filter((id) => !known.has(id))
    if (missing.length > 0) {
      const found = await profileDistributions(this.#database, missing)
      for (const id of missing) known.set(id, found.get(id))
    }
    return new Map([...ids].map((id) => [id, known.get(id)]))
  }
}

/** An image for which policies can go by its name and state alone; undefined for one that is assessed. */
export function unassessedOf(row: PreviewImageRow): UnassessedReference | undefined {
  const { registry, repository, tag, digest, state, set_id } = row
  // Without a set there is nothing to judge, whatever the state says.
  if (set_id !== null && (state === 'assessed' || state === 'partially')) return undefined
  const named = { registry, repository, tag, digest }
  return { ...named, state: state === 'not_assessable' ? state : 'pending' }
}

function rootOf(config: string | null): Pick<ImagePolicyFacts, 'runsAsRoot'> {
  const root = config === null ? undefined : runsAsRoot(config)
  return root === undefined ? {} : { runsAsRoot: root }
}
