import { sql } from 'kysely'
import type { Database } from './database.ts'

/** A name under which a tenant has an image. */
export interface ImageName {
  readonly registry: string
  readonly repository: string
  /** '' when it is only known by its digest. */
  readonly tag: string
}

export interface NewImage extends ImageName {
  readonly imageUuid: string
  readonly digest: string
  readonly indexDigest: string
  /** '' where the manifest has not been read. */
  readonly imageId: string
  readonly os: string
  readonly architecture: string
  readonly variant: string
  readonly source: 'push' | 'registry' | 'cli'
  /** Its inventory is a client's word: nothing of it is read here. */
  readonly claimed?: boolean
  /** Who brought it here; whoever brought what stands under the name so far, where that is not known. */
  readonly actor?: string
}

/**
 * Notes that a name stands for an image; what is known of its content comes with it, and until it is read its state is
 * `pending`. An image seen again keeps its first date.
 */
export async function putImage(database: Database, cid: string, image: NewImage, now: Date): Promise<void> {
  const turned = sql`image.claimed and not excluded.claimed`
  await sql`
    insert into image (cid, image_uuid, registry, repository, tag, digest, index_digest, image_id, architecture, os,
      variant, source, base_os, base_os_version, state, state_reason, size, first_seen, last_seen, is_base_image, packages,
      vulnerabilities, critical, high, medium, low, highest_severity, highest_cps_rating, layers_with_vulnerabilities,
      detections, highest_detection_severity, claimed, actor)
    values (${cid}, ${image.imageUuid}, ${image.registry}, ${image.repository}, ${image.tag}, ${image.digest},
      ${image.indexDigest}, ${image.imageId}, ${image.architecture}, ${image.os}, ${image.variant}, ${image.source}, '', '',
      'pending', 'its layers have not been read yet', 0, ${now}, ${now},
      exists (select 1 from base_image where base_image.cid = ${cid} and base_image.digest = ${image.digest}),
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ${image.claimed === true}, coalesce(${image.actor ?? null}::text, (
        select named.actor from image as named where named.cid = ${cid} and named.registry = ${image.registry}
          and named.repository = ${image.repository} and named.tag = ${image.tag} and named.superseded_at is null
        order by named.last_seen desc limit 1), ''))
    on conflict (cid, registry, repository, tag, digest) do update set last_seen = excluded.last_seen,
      superseded_at = null, index_digest = excluded.index_digest, actor = excluded.actor,
      claimed = image.claimed and excluded.claimed,
      -- What was told of it counts no more once it can be read.
      source = case when ${turned} then excluded.source else image.source end,
      state = case when ${turned} then excluded.state else image.state end,
      state_reason = case when ${turned} then excluded.state_reason else image.state_reason end,
      set_id = case when ${turned} then null else image.set_id end,
      profile_id = case when ${turned} then null else image.profile_id end`.execute(database)
}

/** What else stood under a name until now no longer does. */
export async function supersedeImages(
  database: Database,
  cid: string,
  name: ImageName,
  current: readonly string[],
  now: Date,
): Promise<void> {
  await sql`
    update image set superseded_at = ${now}
    where cid = ${cid} and registry = ${name.registry} and repository = ${name.repository} and tag = ${name.tag}
      and digest <> all(${[...current]}::text[]) and superseded_at is null`.execute(database)
}

/** An image that was only known by its digest has a tag now. */
export async function removeUntagged(
  database: Database,
  cid: string,
  registry: string,
  repository: string,
  digests: readonly string[],
): Promise<void> {
  await sql`
    delete from image where cid = ${cid} and registry = ${registry} and repository = ${repository} and tag = ''
      and digest = any(${[...digests]}::text[])`.execute(database)
}

/**
 * Takes away what is known by its digest alone although it has a tag now: whoever notes the one may not have seen the
 * other yet.
 */
export async function removeUntaggedTwins(
  database: Database,
  cid: string,
  registry: string,
  repository: string,
  digests: readonly string[],
): Promise<void> {
  await sql`
    delete from image where cid = ${cid} and registry = ${registry} and repository = ${repository} and tag = ''
      and digest = any(${[...digests]}::text[])
      and exists (
        select 1 from image as tagged
        where tagged.cid = ${cid} and tagged.registry = ${registry} and tagged.repository = ${repository}
          and tagged.tag <> '' and tagged.digest = image.digest and tagged.superseded_at is null
      )`.execute(database)
}

/** Takes one image of a name away. */
export async function removeImage(
  database: Database,
  cid: string,
  name: ImageName,
  digest: string,
): Promise<void> {
  await sql`
    delete from image where cid = ${cid} and registry = ${name.registry} and repository = ${name.repository}
      and tag = ${name.tag} and digest = ${digest}`.execute(database)
}

/** Brings every image with this content up to what was read of it. */
export async function applyContent(database: Database, digest: string, now: Date): Promise<void> {
  await sql`/* every tenant: what is known of an image's content holds for all who have it */
    update image set
      image_id = split_part(image_content.config_digest, ':', 2), architecture = image_content.architecture,
      os = image_content.os, variant = coalesce(image_content.variant, ''), base_os = image_content.base_os,
      base_os_version = image_content.base_os_version, size = image_content.size, created = image_content.created,
      set_id = image_content.set_id, profile_id = image_content.profile_id,
      state = coalesce(assessment_profile.state, 'not_assessable'), state_reason = coalesce(assessment_profile.reason, image_content.unread_reasons -> 0 ->> 'message', ''),
      assessed_at = ${now},
      packages = coalesce(package_set.packages, 0), vulnerabilities = coalesce(package_set.vulnerabilities, 0),
      critical = coalesce(package_set.critical, 0), high = coalesce(package_set.high, 0),
      medium = coalesce(package_set.medium, 0), low = coalesce(package_set.low, 0),
      highest_severity = coalesce(package_set.highest_severity, 0),
      highest_cps_rating = coalesce(package_set.highest_cps_rating, 0),
      layers_with_vulnerabilities = image_content.layers_with_vulnerabilities,
      detections = (select count(*) from detection where detection.digest = ${digest})::int,
      highest_detection_severity =
        coalesce((select max(severity) from detection where detection.digest = ${digest}), 0)::smallint
    from image_content
    left join package_set on package_set.set_id = image_content.set_id
    left join assessment_profile on assessment_profile.profile_id = image_content.profile_id
    where image_content.digest = ${digest} and image.content_digest = ${digest}`.execute(database)
}

/** Brings the counts of every image with one of these sets up to date. */
export async function applySetCounts(database: Database, setIds: readonly number[]): Promise<void> {
  await sql`/* every tenant: what is known of an image's content holds for all who have it */
    update image set vulnerabilities = package_set.vulnerabilities, critical = package_set.critical,
      high = package_set.high, medium = package_set.medium, low = package_set.low,
      highest_severity = package_set.highest_severity, highest_cps_rating = package_set.highest_cps_rating,
      layers_with_vulnerabilities = image_content.layers_with_vulnerabilities
    from package_set join image_content on image_content.set_id = package_set.set_id
    where package_set.set_id = any(${[...setIds]}::bigint[]) and image.content_digest = image_content.digest
      and (image.vulnerabilities, image.critical, image.high, image.medium, image.low, image.highest_severity,
        image.highest_cps_rating, image.layers_with_vulnerabilities) is distinct from
        (package_set.vulnerabilities, package_set.critical, package_set.high, package_set.medium, package_set.low,
        package_set.highest_severity, package_set.highest_cps_rating, image_content.layers_with_vulnerabilities)`.execute(
    database,
  )
}

/** Says of every image with this digest why it could not be read. */
export async function setUnreadable(
  database: Database,
  cid: string,
  digest: string,
  reason: string,
  now: Date,
): Promise<void> {
  await sql`
    update image set state = 'not_assessable', state_reason = ${reason}, assessed_at = ${now}
    where cid = ${cid} and (digest = ${digest} or (index_digest = ${digest} and index_digest <> ''))
      and set_id is null`.execute(database)
}

/** A row as reports, checks and details need it. */
export interface StoredImage {
  readonly image_uuid: string
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly digest: string
  readonly index_digest: string
  readonly image_id: string
  readonly architecture: string
  readonly os: string
  readonly variant: string
  readonly source: string
  readonly base_os: string
  readonly base_os_version: string
  readonly state: 'pending' | 'assessed' | 'partially' | 'not_assessable'
  readonly state_reason: string
  readonly size: number
  readonly created: Date | null
  readonly first_seen: Date
  readonly last_seen: Date
  readonly assessed_at: Date | null
  readonly set_id: number | null
  readonly profile_id: number | null
  readonly is_base_image: boolean
  /** A client's word on it, not our own reading. */
  readonly claimed: boolean
  /** Since when the tag stands for another image. */
  readonly superseded_at: Date | null
  /** What its content is kept under. */
  readonly content_digest: string
}

const storedImage =
  sql.raw(`image_uuid, registry, repository, tag, digest, index_digest, image_id, architecture, os, variant,
  source, base_os, base_os_version, state, state_reason, size, created, first_seen, last_seen, assessed_at, set_id, profile_id,
  is_base_image, claimed, content_digest, superseded_at`)

/** The images that a name stands for now: one, or one for each platform of an index. */
export async function imagesNamed(
  database: Database,
  cid: string,
  name: { readonly registry?: string; readonly repository: string; readonly tag: string },
): Promise<readonly StoredImage[]> {
  const registry = name.registry ?? null
  const { rows } = await sql<StoredImage>`
    select ${storedImage} from image
    where cid = ${cid} and repository = ${name.repository} and tag = ${name.tag} and superseded_at is null
      and (${registry}::text is null or registry = ${registry})
    order by claimed, last_seen desc, digest`.execute(database)
  return rows
}

/** The images with this digest (of a manifest or an index) or image id, the latest name first. */
export async function imagesWithDigest(
  database: Database,
  cid: string,
  wanted: { readonly digest?: string; readonly imageId?: string },
): Promise<readonly StoredImage[]> {
  const digest = wanted.digest ?? null
  const imageId = wanted.imageId ?? null
  const { rows } = await sql<StoredImage>`
    select ${storedImage} from image
    where cid = ${cid}
      and (${digest}::text is null or digest = ${digest} or (index_digest = ${digest} and index_digest <> ''))
      and (${imageId}::text is null or image_id = ${imageId})
    order by claimed, superseded_at is not null, tag = '', last_seen desc, digest limit 100`.execute(database)
  return rows
}

/** The image with this uuid. */
export async function imageWithUuid(
  database: Database,
  cid: string,
  imageUuid: string,
): Promise<StoredImage | undefined> {
  const { rows } = await sql<StoredImage>`
    select ${storedImage} from image where cid = ${cid} and image_uuid = ${imageUuid}`.execute(database)
  return rows[0]
}

/** Takes the images of a name away, all of them or only one digest; gives how many there were. */
export async function removeNamed(
  database: Database,
  cid: string,
  name: {
    readonly registry: string
    readonly repository: string
    readonly tag?: string
    readonly digest?: string
  },
): Promise<number> {
  const tag = name.tag ?? null
  const digest = name.digest ?? null
  const { numAffectedRows } = await sql`
    delete from image where cid = ${cid} and registry = ${name.registry} and repository = ${name.repository}
      and (${tag}::text is null or tag = ${tag})
      and (${digest}::text is null or digest = ${digest} or (index_digest = ${digest} and index_digest <> ''))`.execute(
    database,
  )
  return Number(numAffectedRows ?? 0)
}

/** Takes every image with this image id (with or without its algorithm) or digest away; gives how many there were. */
export async function removeImages(database: Database, cid: string, imageId: string): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from image
    where cid = ${cid} and (image_id = ${imageId.replace(/^sha256:/, '')} or digest = ${imageId})`.execute(
    database,
  )
  return Number(numAffectedRows ?? 0)
}
