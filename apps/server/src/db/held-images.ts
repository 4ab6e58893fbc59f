import { vulnerabilityFields } from '@lanner/contract/fields'
import type { Checked } from '@lanner/fql'
import { type Expression, type RawBuilder, type SqlBool, sql } from 'kysely'
import { columns, text } from '../filters/columns.ts'
import { compileFilter } from '../filters/compile-filter.ts'
import { partJoint } from '../filters/same-row.ts'
import { withContainer } from './image-columns.ts'

type Condition = Expression<SqlBool>

/** The packages of the current images for which the condition on `image` holds, suppressed members left out. */
export function packagesOfImages(cid: string, condition: Condition): RawBuilder<unknown> {
  return sql`(select member.package_id from package_set_member as member
    where not member.suppressed and member.set_id in (
      select image.set_id from image
      where image.cid = ${cid} and image.superseded_at is null and image.set_id is not null and ${condition}))`
}

const { base_os, container_id, image_digest, image_id, index_digest, registry, repository, tag } =
  vulnerabilityFields
const fields = { base_os, container_id, image_digest, image_id, index_digest, registry, repository, tag }

/** Names of the fields that are about an image that has the row. */
const imageFieldNames: ReadonlySet<string> = new Set(Object.keys(fields))

function columnsOfImage(cid: string) {
  return columns(fields, {
    base_os: text(sql`image.base_os`, { nullable: false }),
    container_id: text((compare) => withContainer(cid, compare(sql`container.container_id`))),
    image_digest: text(sql`image.digest`, { nullable: false }),
    image_id: text(sql`image.image_id`, { nullable: false }),
    index_digest: text(sql`image.index_digest`, { nullable: false }),
    registry: text(sql`image.registry`, { nullable: false }),
    repository: text(sql`image.repository`, { nullable: false }),
    tag: text(sql`image.tag`, { nullable: false }),
  })
}

/**
 * The condition on `image` of those clauses of a filter that one and the same image has to meet, and what is left of the
 * filter. Undefined where there are none.
 */
export function imagesMeant(
  cid: string,
  filter: Checked | undefined,
): { readonly condition: Condition | undefined; readonly rest: Checked | undefined } {
  const { joint, rest } = partJoint(filter, imageFieldNames)
  return { condition: joint && compileFilter(joint, columnsOfImage(cid)), rest }
}

/**
 * The current images that containers run, with the digest that they are run by and how many containers run it; an image
 * that is run by its own digest and by its index is there twice.
 */
export function runningImages(cid: string): RawBuilder<unknown> {
  const running = sql`(select image_digest, count(*)::int as containers from container
      where cid = ${cid} and running and image_digest <> '' group by image_digest) as running`
  return sql`(
    select image.image_uuid, image.set_id, running.image_digest, running.containers from ${running}
    join image on image.cid = ${cid} and image.digest = running.image_digest
    where image.superseded_at is null and image.set_id is not null
    union all
    select image.image_uuid, image.set_id, running.image_digest, running.containers from ${running}
    join image on image.cid = ${cid} and image.index_digest = running.image_digest and image.index_digest <> ''
    where image.superseded_at is null and image.set_id is not null)`
}
