import type { AssessmentReason, ImageFacts } from '@lanner/model'
import { sql } from 'kysely'
import type { Database } from './database.ts'

export interface NewImageContent {
  readonly digest: string
  readonly configDigest: string
  readonly architecture: string
  readonly os: string
  readonly variant: string | null
  readonly size: number
  readonly created: string | null
  readonly baseOs: string
  readonly baseOsVersion: string
  readonly profileId: number | null
  readonly setId: number | null
  /** JSON of AssessmentReason[]. */
  readonly unreadReasons: string
  /** JSON of ImageFacts. */
  readonly facts: string
  /** As published. */
  readonly manifest: string
  readonly config: string
  readonly inventory: Buffer | null
  readonly packageLayers: readonly number[]
  readonly extractorRevision: string
}

/** Keeps what was read in an image; a later reading replaces an earlier one. Global. */
export async function putImageContent(
  database: Database,
  content: NewImageContent,
  now: Date,
): Promise<void> {
  await sql`
    insert into image_content (digest, config_digest, architecture, os, variant, size, created, base_os, base_os_version,
      profile_id, set_id, unread_reasons, facts, manifest, config, inventory, package_layers, extractor_revision, read_at)
    values (${content.digest}, ${content.configDigest}, ${content.architecture}, ${content.os}, ${content.variant},
      ${content.size}, ${content.created}, ${content.baseOs}, ${content.baseOsVersion}, ${content.profileId},
      ${content.setId}, ${content.unreadReasons}::jsonb, ${content.facts}::jsonb,
      ${content.manifest}, ${content.config}, ${content.inventory}, ${`{${content.packageLayers.join()}}`}::smallint[],
      ${content.extractorRevision}, ${now})
    on conflict (digest) do update set config_digest = excluded.config_digest, architecture = excluded.architecture,
      os = excluded.os, variant = excluded.variant, size = excluded.size, created = excluded.created,
      base_os = excluded.base_os, base_os_version = excluded.base_os_version, profile_id = excluded.profile_id,
      set_id = excluded.set_id, unread_reasons = excluded.unread_reasons, facts = excluded.facts,
      manifest = excluded.manifest, config = excluded.config, inventory = excluded.inventory,
      package_layers = excluded.package_layers, extractor_revision = excluded.extractor_revision,
      read_at = excluded.read_at`.execute(database)
}

/** Keeps that layers were read, by the digest that we inflated ourselves. Global. */
export async function putLayers(
  database: Database,
  layers: readonly {
    readonly digest: string
    readonly diffId: string
    readonly size: number
    readonly inflatedSize: number
    readonly entries: number
  }[],
  now: Date,
): Promise<void> {
  const sorted = [...layers].sort((a, b) => (a.digest < b.digest ? -1 : 1))
  await sql`
    insert into layer (blob_digest, diff_id, size, inflated_size, entries, read_at)
    select digest, diff_id, size, inflated_size, entries, ${now}
    from unnest(
      ${sorted.map((layer) => layer.digest)}::text[],
      ${sorted.map((layer) => layer.diffId)}::text[],
      ${sorted.map((layer) => layer.size)}::bigint[],
      ${sorted.map((layer) => layer.inflatedSize)}::bigint[],
      ${sorted.map((layer) => layer.entries)}::integer[]
    ) as given (digest, diff_id, size, inflated_size, entries)
    on conflict (blob_digest) do nothing`.execute(database)
}

/** An image's content as reports are made of it. */
export interface StoredContent {
  readonly digest: string
  readonly set_id: number | null
  readonly profile_id: number | null
  readonly unread_reasons: readonly AssessmentReason[]
  readonly facts: ImageFacts
  /** JSON texts as published. */
  readonly manifest: string
  readonly config: string
  readonly inventory: Buffer | null
  readonly extractor_revision: string
  readonly read_at: Date
  readonly findings_revision: number | null
  readonly empty: boolean | null
}

/** Global: the caller came by the digest through an image of its tenant. */
export async function imageContent(database: Database, digest: string): Promise<StoredContent | undefined> {
  const { rows } = await sql<StoredContent>`
    select image_content.digest, image_content.set_id, image_content.profile_id, unread_reasons, image_content.facts,
      manifest, config, inventory, extractor_revision, read_at, package_set.findings_revision, assessment_profile.empty
    from image_content
    left join package_set on package_set.set_id = image_content.set_id
    left join assessment_profile on assessment_profile.profile_id = image_content.profile_id
    where image_content.digest = ${digest}`.execute(database)
  return rows[0]
}

/** Whether these contents were read by the given extractors. Global. */
export async function contentsRead(
  database: Database,
  digests: readonly string[],
  extractorRevision: string,
): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ digest: string }>`
    select digest from image_content
    where digest = any(${[...digests]}::text[]) and extractor_revision = ${extractorRevision}`.execute(
    database,
  )
  return new Set(rows.map((row) => row.digest))
}

/** Counts anew in how many layers of each image with one of these sets something vulnerable lies. Global. */
export async function countVulnerableLayers(database: Database, setIds: readonly number[]): Promise<void> {
  if (setIds.length === 0) return
  await sql`
    with vulnerable as (
      select given.set_id, array_remove(array_agg(member.position + 1), null) as positions
      from unnest(${[...setIds]}::bigint[]) as given (set_id)
      left join (package_set_member as member join package on package.package_id = member.package_id
        and package.vulnerabilities > 0) on member.set_id = given.set_id and not member.suppressed
      group by given.set_id
    ), arranged as materialized (
      -- Images with the same set have few arrangements. Joined to nothing, an array is whole: one that is stored compressed
      -- would be inflated again for each element.
      select set_id, package_layers || '{}'::smallint[] as layers, array_agg(digest) as digests
      from image_content where set_id = any(${[...setIds]}::bigint[]) group by 1, 2
    ), counted as (
      select unnest(arranged.digests) as digest,
        (select count(distinct arranged.layers[place]) from unnest(vulnerable.positions) as place)::int as layers
      from arranged join vulnerable on vulnerable.set_id = arranged.set_id
    )
    update image_content set layers_with_vulnerabilities = counted.layers
    from counted
    where image_content.digest = counted.digest
      and image_content.layers_with_vulnerabilities <> counted.layers`.execute(database)
}
