import { packageFields, packageKinds } from '@lanner/contract/fields'
import { type Expression, type SqlBool, sql } from 'kysely'
import { boolean, type Columns, columns, number, rank, text } from '../filters/columns.ts'
import { packagesOfImages } from './held-images.ts'
import { severityRanks, withContainer } from './image-columns.ts'
import { fixRanks } from './vulnerability-columns.ts'

type Condition = Expression<SqlBool>

/** `OS`, `NODE`: Falcon's word for the type of `package`. */
const kind = sql`(case ${sql.join(
  packageKinds.map(([type, word]) => sql`when package.type = ${sql.lit(type)} then ${sql.lit(word)}`),
  sql` `,
)} else upper(package.type) end)`

function ofImages(cid: string, condition: Condition): Condition {
  return sql<SqlBool>`(held.package_id in ${packagesOfImages(cid, condition)})`
}

function withFinding(condition: Condition): Condition {
  return sql<SqlBool>`(held.package_id in (select finding.package_id from finding where ${condition}))`
}

/** Null for a package without vulnerabilities. */
const fixed = sql`(select max((cardinality(finding.fixed_versions) > 0)::int) from finding
  where finding.package_id = held.package_id)`

/**
 * Where the fields of packages are kept, for statements on `held` (in how many images of the tenant), `package` and, where
 * running images are asked for, `running`.
 */
export function packageColumns(cid: string): Columns {
  return columns(packageFields, {
    ai_related: boolean(sql`package.ai_related`, { nullable: false }),
    cid: text(sql`${cid}::text`, { nullable: false }),
    container_id: text((compare) => ofImages(cid, withContainer(cid, compare(sql`container.container_id`)))),
    cveid: text((compare) => withFinding(compare(sql`finding.vulnerability_id`))),
    fix_status: rank(fixed, { ranks: fixRanks }),
    image_digest: text((compare) => ofImages(cid, compare(sql`image.digest`))),
    license: text(
      (compare) =>
        sql<SqlBool>`exists (select from unnest(package.licenses) as stated (license) where ${compare(sql`stated.license`)})`,
      { sort: sql`array_to_string(package.licenses, ', ')`, nullable: false },
    ),
    package_name_version: text(sql`(package.name || ' ' || package.version)`, { nullable: false }),
    running_images: number(sql`coalesce(running.images, 0)`, { nullable: false }),
    severity: rank((compare) => withFinding(compare(sql`finding.severity`)), { ranks: severityRanks }),
    type: text(kind, { nullable: false }),
    vulnerability_count: number(sql`package.vulnerabilities`, { nullable: false }),
  })
}

/** The same for statements that join `finding` as well: what is said of a vulnerability is about that one. */
export function packageFindingColumns(cid: string): Columns {
  const all = packageColumns(cid)
  const own = columns(
    {
      cveid: packageFields.cveid,
      fix_status: packageFields.fix_status,
      severity: packageFields.severity,
    },
    {
      cveid: text(sql`finding.vulnerability_id`),
      fix_status: rank(sql`(cardinality(finding.fixed_versions) > 0)::int`, { ranks: fixRanks }),
      severity: rank(sql`finding.severity`, { ranks: severityRanks }),
    },
  )
  return { fields: all.fields, byField: new Map([...all.byField, ...own.byField]) }
}
