import type { Finding, Package } from '@lanner/model'
import { sha256 } from '../content-id.ts'
import { levelOf } from './rule.ts'
import { messageText } from './text.ts'

/** What a finding is reported with. */
export interface ResultSubject {
  readonly finding: Finding
  readonly package: Package | undefined
  readonly ruleIndex: number
  /** `linux/amd64`. */
  readonly label: string
  readonly reference: string
}

/** How often each fingerprint was given, so that two results never share one. */
export type Fingerprints = Map<string, number>

/** A `result` (SARIF 2.1.0, 3.27). */
export function resultOf(subject: ResultSubject, fingerprints: Fingerprints): unknown {
  const { finding, package: pack, ruleIndex, label, reference } = subject
  const { suppressed } = finding
  return {
    ruleId: finding.vulnerability.id,
    ruleIndex,
    // `kind` stays `fail` for an unknown verdict too: any other would force the level `none`, which viewers hide.
    level: levelOf(finding.severity),
    message: { text: messageText(messageOf(finding, pack)) },
    locations: locationsOf(finding, pack),
    partialFingerprints: { 'lanner/v1': fingerprintOf(subject, fingerprints) },
    ...(suppressed
      ? {
          suppressions: [
            {
              kind: 'external',
              status: 'accepted',
              justification: messageText(suppressed.explanation),
            },
          ],
        }
      : {}),
    properties: {
      purl: finding.package,
      reference,
      platform: label,
      verdict: finding.verdict,
      severity: finding.severity,
      fixState: finding.fixState,
      fixedVersions: finding.fixedVersions,
      cpsRating: finding.cpsRating,
    },
  }
}

function messageOf(finding: Finding, pack: Package | undefined): string {
  const name = pack ? `${pack.name} ${pack.version}` : finding.package
  const judged =
    finding.verdict === 'unknown'
      ? `Whether ${name} is affected by ${finding.vulnerability.id} is not known`
      : `${name} is affected by ${finding.vulnerability.id} (${finding.severity})`
  const [first] = finding.evidence
  const why = first
    ? `: ${first.advisory} of ${first.ecosystem} names ${first.name}${first.matchedBy === 'source' ? ' (its source package)' : ''}, version ${first.version}${first.range ? `, range ${first.range}` : ''}${first.note ? `; ${first.note}` : ''}`
    : ''
  const fix =
    finding.fixedVersions.length > 0
      ? ` Fixed in ${finding.fixedVersions.join(', ')}.`
      : ` No fixed version is known (${finding.fixState}).`
  return `${judged}${why}${why.endsWith('.') ? '' : '.'}${fix}`
}

function locationsOf(finding: Finding, pack: Package | undefined): unknown[] {
  const logicalLocations = [
    {
      name: pack ? `${pack.name}@${pack.version}` : finding.package,
      fullyQualifiedName: finding.package,
      kind: 'package',
    },
  ]
  const places = (pack?.locations ?? []).slice(0, 20)
  if (places.length === 0) return [{ logicalLocations }]
  return places.map((place) => ({
    physicalLocation: {
      artifactLocation: { uri: uriOf(place.path), uriBaseId: 'IMAGE' },
      // A package is no line of a file; viewers of code want one.
      region: { startLine: 1 },
    },
    logicalLocations,
  }))
}

/** A path in an image as a relative URI reference: no scheme, no dot segments, whatever the path holds. */
export function uriOf(path: string): string {
  return path
    .toWellFormed()
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.' && segment !== '..')
    .map(encodeURIComponent)
    .join('/')
}

/** The same through new versions of the package, so that a result is followed from scan to scan. */
function fingerprintOf({ finding, package: pack, label }: ResultSubject, given: Fingerprints): string {
  const identity = pack
    ? [pack.type, pack.namespace, pack.name, pack.arch, pack.locations[0]?.path]
    : [finding.package]
  const fingerprint = sha256(JSON.stringify([finding.vulnerability.id, label, ...identity])).slice(0, 32)
  const times = (given.get(fingerprint) ?? 0) + 1
  given.set(fingerprint, times)
  return `${fingerprint}:${times}`
}
