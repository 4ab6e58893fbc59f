import {
  openVexDocument,
  type VexJustification,
  vexJustifications,
  type WrittenVexStatement,
} from '@lanner/documents'
import { formatPurl } from '@lanner/model'
import { exclusionExpiry } from '@lanner/policy'
import type { Database } from '../db/database.ts'
import { findTenant } from '../db/tenant.ts'
import type { CheckedImage, PolicyChecks } from './policy-checks.ts'
import type { PolicySets, StoredExclusion } from './policy-set.ts'
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

/** Why VEX has no word for an exclusion. */
const vexOmissions = {
  not_a_vulnerability: 'they are about packages, licences, paths or detections, not about a vulnerability',
  condition: 'they go by severity, score, age or the like, and VEX speaks of one vulnerability at a time',
  scope: 'they hold in some layers, or where a name fits a wildcard',
  no_reason: 'they have no description, and VEX asks why something is not affected',
  nothing_held: 'no image or package is there that they are about',
} as const
/** One of `vexOmissions`. */
export type VexOmission = keyof typeof vexOmissions

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

/** What exclusions become: statements, or the reason why none. */
export type Written = readonly WrittenVexStatement[] | VexOmission

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

/** Why an exclusion cannot be said of vulnerabilities in packages; undefined when it can. */
export function omissionOf(exclusion: StoredExclusion): VexOmission | undefined {
  const props = [exclusion.prop, ...(exclusion.and ?? []).map(({ prop }) => prop)]
  if (props.some((prop) => /^(?:license|path|detection_)/.test(prop))) return 'not_a_vulnerability'
  if (props.some((prop) => !['cve', 'purl', 'package'].includes(prop))) return 'condition'
  const negated = [exclusion, ...(exclusion.and ?? [])].some(({ op }) => op === 'neq' || op === 'not_in')
  if (negated) return 'condition'
  if (!exclusion.description && !exclusion.vex) return 'no_reason'
  return exclusion.scope?.layer === undefined ? undefined : 'scope'
}

/** All of a statement but its products. A reason with an end says so: VEX has no other place for it. */
export function statementOf(
  exclusion: StoredExclusion,
  vulnerability: string,
  aliases: readonly string[],
): Omit<WrittenVexStatement, 'products'> {
  const { vex, description = '', updatedAt } = exclusion
  const ends = exclusionExpiry(exclusion)
  const justification = vexJustifications.find(
    (word): word is VexJustification => word === vex?.justification,
  )
  const reason = vex ? (vex.impact ?? (justification ? undefined : description)) : description
  const until = ends === undefined ? '' : `holds until ${ends}`
  const impact = [reason, until].filter(Boolean).join('; ')
  return {
    vulnerability,
    aliases: aliases.filter((alias) => alias !== vulnerability),
    status: vex?.status ?? 'not_affected',
    ...(justification ? { justification } : {}),
    ...(impact && vex?.status !== 'fixed' ? { impact } : {}),
    timestamp: updatedAt,
  }
}

/** https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md */
export function imagePurlOf(
  {
    registry,
    repository,
    tag,
    digest,
    architecture,
  }: Partial<CheckedImage> & Pick<CheckedImage, 'repository'>,
  host: string,
): string {
  return formatPurl({
    type: 'oci',
    name: repository.slice(repository.lastIndexOf('/') + 1),
    ...(digest ? { version: digest } : {}),
    qualifiers: {
      repository_url: `${registry || host}/${repository}`,
      ...(tag ? { tag } : {}),
      ...(architecture ? { arch: architecture } : {}),
    },
  })
}
