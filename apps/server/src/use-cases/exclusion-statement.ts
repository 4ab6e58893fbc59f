import { type VexJustification, vexJustifications, type WrittenVexStatement } from '@lanner/documents'
import { formatPurl } from '@lanner/model'
import { exclusionExpiry } from '@lanner/policy'
import type { CheckedImage } from './policy-checks.ts'
import type { StoredExclusion } from './policy-set.ts'

/** Why VEX has no word for an exclusion. */
export const vexOmissions = {
  not_a_vulnerability: 'they are about packages, licences, paths or detections, not about a vulnerability',
  condition: 'they go by severity, score, age or the like, and VEX speaks of one vulnerability at a time',
  scope: 'they hold in some layers, or where a name fits a wildcard',
  no_reason: 'they have no description, and VEX asks why something is not affected',
  nothing_held: 'no image or package is there that they are about',
} as const
/** One of `vexOmissions`. */
export type VexOmission = keyof typeof vexOmissions

/** What exclusions become: statements, or the reason why none. */
export type Written = readonly WrittenVexStatement[] | VexOmission

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
