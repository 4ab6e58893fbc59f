import type { FixState } from '@lanner/model'
import type { AdvisoryRecord } from '../advisory.ts'
import { caps, type Fields, isObject, optionalText, texts } from './fields.ts'

/** Ecosystems whose own word on severity (`database_specific.severity`) is a distribution's rating. */
const ratingDistributions: ReadonlySet<string> = new Set([
  'AlmaLinux',
  'Azure Linux',
  'Debian',
  'Mageia',
  'Photon OS',
  'Red Hat',
  'Rocky Linux',
  'SUSE',
  'Ubuntu',
  'openEuler',
  'openSUSE',
])

/** Fix states beyond the range, as Canonical, the Debian tracker and Red Hat's converted documents put them beside it. */
export function stateOf(specific: Fields): {
  fixState?: FixState
  fixReason?: string
  notAffected?: boolean
} {
  const status = optionalText(specific['status'], 64)?.toLowerCase()
  const note = optionalText(specific['remediation_details'] ?? specific['status_note'], 256)
  const noAdvisory = optionalText(specific['nodsa'], 256)
  if (specific['urgency'] === 'end-of-life') return { fixState: 'end-of-life', fixReason: 'end-of-life' }
  const remediation = specific['remediation']
  if (remediation === 'no_fix_planned') {
    const outOfScope = note?.toLowerCase() === 'out of support scope'
    return { fixState: outOfScope ? 'end-of-life' : 'will-not-fix', ...(note ? { fixReason: note } : {}) }
  }
  if (remediation === 'none_available') {
    const deferred = note?.toLowerCase() === 'fix deferred'
    return { fixState: deferred ? 'deferred' : 'not-fixed', ...(note ? { fixReason: note } : {}) }
  }
  switch (status) {
    case 'not-affected':
    case 'not_affected':
    case 'known_not_affected':
      return { notAffected: true, ...(note ? { fixReason: note } : {}) }
    case 'undetermined':
    case 'needs-triage':
    case 'under_investigation':
      return { fixState: 'under-investigation', fixReason: note ?? status }
    case 'deferred':
      return { fixState: 'deferred', fixReason: note ?? status }
    case 'ignored':
      return { fixState: 'will-not-fix', fixReason: note ?? status }
    case 'needed':
    case 'pending':
      return { fixState: 'not-fixed', fixReason: note ?? status }
    case 'open':
      return noAdvisory === undefined ? { fixState: 'not-fixed' } : withoutAdvisory(specific, noAdvisory)
    default:
      return {}
  }
}

function withoutAdvisory(specific: Fields, words: string): { fixState: FixState; fixReason: string } {
  const reason = specific['nodsa_reason']
  const fixState = reason === 'ignored' ? 'will-not-fix' : reason === 'postponed' ? 'deferred' : 'not-fixed'
  return { fixState, fixReason: `no-dsa: ${words}` }
}

/** The rating that the distribution itself gives the package. */
export function ratedBy(
  ecosystem: string,
  entry: Fields,
  specific: Fields,
  record: AdvisoryRecord,
  rating: string | undefined,
): { rating?: string } {
  const distribution = ecosystem.split(':', 1)[0]
  const own =
    debianUrgency(specific['urgency']) ??
    optionalText(specific['ubuntu_priority'], 64) ??
    (distribution === 'Ubuntu' ? ubuntuPriority(entry, record) : undefined) ??
    (ratingDistributions.has(distribution) ? rating : undefined)
  return own ? { rating: own } : {}
}

/** The stars mark an urgency taken from NVD; `not yet assigned` is none. */
function debianUrgency(value: unknown): string | undefined {
  const word = optionalText(value, 64)?.replace(/\*{1,2}$/, '')
  return word === 'not yet assigned' ? undefined : word
}

/** Canonical writes its priority as a severity of type `Ubuntu`, on the record or on the package. */
function ubuntuPriority(entry: Fields, record: AdvisoryRecord): string | undefined {
  if (Array.isArray(entry['severity'])) {
    for (const item of entry['severity'].slice(0, 64)) {
      if (isObject(item) && item['type'] === 'Ubuntu') return optionalText(item['score'], 64)
    }
  }
  return record.severity.find((severity) => severity.type === 'Ubuntu')?.score
}

/** Parts of the package that alone are concerned: an rpm module stream, binary packages, Go packages with their symbols. */
export function limitsOf(specific: Fields): {
  module?: string
  binaries?: readonly string[]
  imports?: readonly string[]
} {
  const module = optionalText(specific['rpm_module'], caps.identifier)
  const binaries = binariesOf(specific['binaries'])
  const imports = importsOf(specific['imports'])
  return {
    ...(module ? { module } : {}),
    ...(binaries.length > 0 ? { binaries } : {}),
    ...(imports.length > 0 ? { imports } : {}),
  }
}

/** Canonical's `{ binary_name, binary_version }`, and the older form whose keys are the names. */
function binariesOf(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  const names = value
    .slice(0, caps.list)
    .flatMap((item) =>
      isObject(item) ? ('binary_name' in item ? [item['binary_name']] : Object.keys(item)) : [],
    )
  return texts(names, caps.list)
}

/** `path` or `path: Symbol, Other.Method`. */
function importsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return []
  const lines = value.slice(0, 1_000).map((item) => {
    if (!isObject(item)) return undefined
    const path = optionalText(item['path'], caps.identifier)
    const symbols = texts(item['symbols'], 50, 128)
    return path && symbols.length > 0 ? `${path}: ${symbols.join(', ')}` : path
  })
  return texts(lines, 1_000, 8_192)
}
