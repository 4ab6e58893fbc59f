import { openVexDocument } from '@lanner/documents'
import { exclusionExpiry } from '@lanner/policy'
import type { Database } from '../db/database.ts'
import { findTenant } from '../db/tenant.ts'
import {
  imagePurlOf,
  omissionOf,
  statementOf,
  type VexOmission,
  vexOmissions,
  type Written,
} from './exclusion-statement.ts'
import type { PolicyChecks } from './policy-checks.ts'
import type { PolicySets } from './policy-set.ts'
import { RequestFault } from './request-fault.ts'
import { estateStatements } from './vex-export-estate.ts'
import { uuidOf } from './vex-standing.ts'

/** All exclusions, or those that spared something in one image. */
export interface VexSelection {
  readonly registry?: string
  readonly repository?: string
  readonly tag?: string
  readonly digest?: string
  readonly architecture?: string
}

/** A document, and what is not in it. */
export interface VexExport {
  /** OpenVEX 0.2.0. */
  readonly document: Record<string, unknown>
  readonly statements: number
  readonly leftOut: readonly {
    readonly reason: VexOmission
    readonly message: string
    readonly exclusions: number
  }[]
}

export interface VexExportPorts {
  readonly database: Database
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly sets: PolicySets
  readonly checks: PolicyChecks
  readonly version: string
}

/** Writes exclusions as OpenVEX. `host` stands for the registry of images that were pushed here. */
export async function exportedVex(
  ports: VexExportPorts,
  cid: string,
  selection: VexSelection,
  host: string,
): Promise<VexExport> {
  const { database, clock, sets, version } = ports
  const { revision, compiled } = await sets.of(cid)
  const now = clock()
  const inEffect = compiled.exclusions
    .map(({ exclusion }) => exclusion)
    .filter((exclusion) => !(Date.parse(exclusionExpiry(exclusion) ?? '') <= now))
  const { repository, registry, tag, digest, architecture } = selection
  if (repository === undefined && (registry ?? tag ?? digest ?? architecture) !== undefined)
    throw new RequestFault(
      'invalid',
      'repository: an image is named by its repository, with a tag or a digest',
    )
  const written =
    repository === undefined
      ? await estateStatements(database, cid, inEffect, host)
      : await imageStatements(ports, cid, { ...selection, repository }, host)
  const statements = written.flatMap((each) => (typeof each === 'string' ? [] : each))
  const counts = Map.groupBy(
    written.filter((each) => typeof each === 'string'),
    (each) => each,
  )
  return {
    document: openVexDocument({
      id: `urn:uuid:${uuidOf('openvex', cid, registry, repository, tag, digest, architecture)}`,
      author: (await findTenant(database, cid))?.name || cid,
      timestamp: new Date(now).toISOString(),
      version: Math.max(1, revision),
      tooling: `lanner ${version}`,
      statements,
    }),
    statements: statements.length,
    leftOut: [...counts].map(([reason, each]) => ({
      reason,
      message: vexOmissions[reason],
      exclusions: each.length,
    })),
  }
}

/** What spared something in one image: a statement for each exclusion and vulnerability, with the packages that have it. */
async function imageStatements(
  { checks }: VexExportPorts,
  cid: string,
  { repository, tag = '', ...selection }: VexSelection & { readonly repository: string },
  host: string,
): Promise<readonly Written[]> {
  if (tag === '' && selection.digest === undefined)
    throw new RequestFault('invalid', 'tag: an image is named by a tag or a digest')
  const { image, verdict, packages } = await checks.ofImage(cid, { repository, tag, ...selection })
  const { findings, packages: others, detections } = verdict.excluded
  const spared = Map.groupBy(findings, ({ exclusion }) => exclusion)
  const purl = imagePurlOf(image, host)
  const written = [...spared].map(([exclusion, each]): Written => {
    const omission = omissionOf(exclusion)
    if (omission) return omission
    const byVulnerability = Map.groupBy(each, ({ thing }) => thing.vulnerability)
    return [...byVulnerability].map(([vulnerability, members]) => ({
      ...statementOf(exclusion, vulnerability, members[0]?.thing.aliases ?? []),
      products: [
        {
          purl,
          parts: [...new Set(members.flatMap(({ thing }) => packages.get(thing.package)?.purl ?? []))].sort(),
        },
      ],
    }))
  })
  const rest = new Set([...others, ...detections].map(({ exclusion }) => exclusion))
  for (const exclusion of spared.keys()) rest.delete(exclusion)
  return [...written, ...[...rest].map(() => 'not_a_vulnerability' as const)]
}
