import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'

type Condition = Expression<SqlBool>

/** The declared base images of a tenant that were read, each with how many layers it has and the chain id of the last. */
function readBases(cid: string): RawBuilder<unknown> {
  return sql`(select base_image.*, top.chain_id, top.layer_index + 1 as layers
    from base_image cross join lateral (
      select image_layer.chain_id, image_layer.layer_index from image_layer
      where image_layer.digest = base_image.digest order by image_layer.layer_index desc limit 1
    ) as top where base_image.cid = ${cid})`
}

/** The layers of the image with this digest that end a declared base image, as `base`: its few layers are read first. */
export function basesOf(cid: string, digest: Expression<unknown>): RawBuilder<unknown> {
  return sql`(select image_layer.chain_id from image_layer where image_layer.digest = ${digest} offset 0) as own
    join ${readBases(cid)} as base on base.chain_id = own.chain_id and base.digest <> ${digest}`
}

/** How many layers of the image with this digest come from a declared base image; 0 where it has none. */
export function baseLayers(cid: string, digest: Expression<unknown>): RawBuilder<number> {
  return sql<number>`(select coalesce(max(base.layers), 0) as layers from ${basesOf(cid, digest)})`
}

/** The digests of all images on a declared base image, with how many layers come from it. */
function basedDigests(cid: string): RawBuilder<unknown> {
  return sql`(select image_layer.digest, max(base.layers) as layers from ${readBases(cid)} as base
    join image_layer on image_layer.chain_id = base.chain_id and image_layer.digest <> base.digest
    group by image_layer.digest)`
}

/** Whether `image` lies on a declared base image. */
export function isBased(cid: string): Condition {
  return sql<SqlBool>`(image.content_digest in (select based.digest from ${basedDigests(cid)} as based))`
}

/**
 * The current images on declared base images, those in one row that have the same packages in the same layers above as many
 * layers of a base: their `digests`, `set_id`, `layers` of the base and `places`, the layer of each member of the set.
 */
function basedShapes(cid: string): RawBuilder<unknown> {
  // Joined to an empty array the layers are unpacked once, and not for each member again.
  return sql`(select content.set_id, based.layers, content.package_layers || '{}'::smallint[] as places,
      array_agg(content.digest) as digests
    from ${basedDigests(cid)} as based join image_content as content on content.digest = based.digest
    where content.set_id is not null and exists (
      select from image where image.cid = ${cid} and image.superseded_at is null
        and image.content_digest = content.digest)
    group by content.set_id, based.layers, places)`
}

/** The text behind `from`: of each row of `shape` the members above the base, with their findings. */
const findingsAbove =
  sql.raw(`package_set_member as member join finding on finding.package_id = member.package_id
  where member.set_id = shape.set_id and not member.suppressed and shape.places[member.position + 1] >= shape.layers`)

/** The digests of images on declared base images that have a finding above it for which the condition on `finding` holds. */
export function basedWith(cid: string, condition: Condition): Condition {
  return sql<SqlBool>`(image.content_digest in (
    select unnest(shape.digests) from ${basedShapes(cid)} as shape
    where exists (select from ${findingsAbove} and ${condition})))`
}

/**
 * What images on declared base images have above it, counted: a row for each `digest` with the number of `vulnerabilities`,
 * how many of them concern machine learning (`ai`), and `severities` and `cps_ratings` with the bit of each rank set.
 */
function countedAbove(cid: string): RawBuilder<unknown> {
  // Few packages have a finding: asking for those in memory spares a look at the findings for all others.
  return sql`(select unnest(shape.digests) as digest, counted.*
    from ${basedShapes(cid)} as shape cross join lateral (
      select count(distinct finding.vulnerability_id) as vulnerabilities,
        count(distinct finding.vulnerability_id) filter (where finding.package_id in (
          select package.package_id from package where package.ai_related)) as ai,
        coalesce(bit_or(1 << finding.severity), 0) as severities,
        coalesce(bit_or(1 << finding.cps_rating), 0) as cps_ratings
      from ${findingsAbove} and (member.package_id in (
        select package.package_id from package where package.vulnerabilities > 0)) is true
    ) as counted)`
}

/** Images on declared base images for which the condition on `above`, the row of what they have above it, holds. */
export function basedWhere(cid: string, condition: Condition): Condition {
  return sql<SqlBool>`(image.content_digest in (select above.digest from ${countedAbove(cid)} as above where ${condition}))`
}

/** A number of `image` as it is above its declared base image; `all` for those that have none. Counted once for all images. */
export function aboveBase(cid: string, which: 'vulnerabilities' | 'ai', all: Expression<unknown>) {
  return sql<number>`coalesce(((
    select jsonb_object_agg(above.digest, above.${sql.raw(which)}) from ${countedAbove(cid)} as above
  ) ->> image.content_digest)::int, ${all})`
}

/**
 * Whether the package of `held` is in an image above its declared base image, or in one that has none. Most are in many
 * images, and one of them is enough.
 */
export function isAboveBases(cid: string): Condition {
  return sql<SqlBool>`((
      select true from package_set_member as member
      where member.package_id = held.package_id and not member.suppressed and (member.set_id in (
        select image.set_id from image where image.cid = ${cid} and image.superseded_at is null
          and image.set_id is not null and not ${isBased(cid)}
      )) is true limit 1
    ) is true or held.package_id in (
      select member.package_id from ${basedShapes(cid)} as shape
      join package_set_member as member on member.set_id = shape.set_id
      where not member.suppressed and shape.places[member.position + 1] >= shape.layers))`
}
