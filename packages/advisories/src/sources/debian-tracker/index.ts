import type { AffectedPackage } from '@lanner/matching'
import { debianReleases } from '@lanner/model'
import { fieldsOf, isObject, type NativeRecord, nameOf, type Refusal, textOf } from '../source.ts'

export { topLevelMembers } from './members.ts'

export const feed = 'debian-tracker'

/** One package of the tracker cannot have more issues than this; the kernel has some ten thousand. */
const issueCap = 200_000

/**
 * Reads what the Debian security tracker says of one source package (`package -> issue -> releases`, of
 * https://security-tracker.debian.org/tracker/data/json): a record for each issue, with an entry for each numbered release.
 * `modified` is when the feed was published, as it dates nothing itself.
 */
export function readDebianTracker(
  packageName: string,
  json: unknown,
  modified: string,
): { readonly records: readonly NativeRecord[]; readonly refused: readonly Refusal[] } {
  const name = nameOf(packageName)
  if (name === undefined)
    return {
      records: [],
      refused: [{ name: JSON.stringify(packageName).slice(0, 100), problem: 'is no package name' }],
    }
  if (!isObject(json)) return { records: [], refused: [{ name, problem: 'is not an object of issues' }] }
  const records: NativeRecord[] = []
  const refused: Refusal[] = []
  const issues = Object.entries(json)
  if (issues.length > issueCap)
    return { records, refused: [{ name, problem: `has more than ${issueCap} issues` }] }
  for (const [issue, content] of issues) {
    const reading = readIssue(name, issue, content, modified)
    if ('problem' in reading)
      refused.push({ name: `${name} ${issue.slice(0, 100)}`, problem: reading.problem })
    else if (reading.affected.length > 0) records.push(reading)
  }
  return { records, refused }
}

function readIssue(
  name: string,
  issue: string,
  content: unknown,
  modified: string,
): NativeRecord | { problem: string } {
  if (!/^(?:CVE-\d{4}-\d{4,19}|TEMP-\d{7}-[0-9A-F]{6})$/.test(issue))
    return { problem: 'is neither a CVE nor a TEMP issue' }
  if (!isObject(content) || !isObject(content['releases'])) return { problem: 'has no releases' }
  // One issue concerns several source packages, each on its own: the pair is the tracker's unit.
  const id = `${feed}/${issue}/${name}`
  const affected: AffectedPackage[] = []
  for (const [codename, release] of Object.entries(content['releases'])) {
    const number = debianReleases.get(codename)
    if (number === undefined) continue
    const entry = readRelease(fieldsOf(release))
    if (typeof entry === 'string') return { problem: `${codename}: ${entry}` }
    affected.push({ advisory: id, feed, ecosystem: `Debian:${number}`, name, ...entry })
  }
  const details = textOf(content['description'], 4_000)
  return {
    record: {
      id,
      feed,
      aliases: [],
      upstream: [issue],
      related: [],
      modified,
      ...(details ? { details } : {}),
      severity: [],
      references: [`https://security-tracker.debian.org/tracker/${issue}`],
      cwes: [],
    },
    affected,
  }
}

type Statement = Omit<AffectedPackage, 'advisory' | 'feed' | 'ecosystem' | 'name'>

/** https://security-team.debian.org/security_tracker.html#issue-states-and-urgencies */
function readRelease(release: Readonly<Record<string, unknown>>): Statement | string {
  const rating = ratingOf(release['urgency'])
  switch (release['status']) {
    case 'resolved':
      return resolved(release['fixed_version'], rating)
    case 'open':
      return { ...everyVersion, ...unfixed(release), ...rating }
    case 'undetermined':
      return { ...everyVersion, fixState: 'under-investigation', fixReason: 'undetermined', ...rating }
    default:
      return 'its status is none of open, resolved and undetermined'
  }
}

const everyVersion = { ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }], versions: [] } as const

function resolved(fixedVersion: unknown, rating: { rating?: string }): Statement | string {
  const version = nameOf(fixedVersion)
  if (version === undefined) return 'it is resolved without a version'
  // How the tracker writes that the release never had the problem.
  if (version === '0')
    return { ranges: [], versions: [], notAffected: true, fixReason: 'not affected', ...rating }
  return {
    ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: version }] }],
    versions: [],
    ...rating,
  }
}

function unfixed(
  release: Readonly<Record<string, unknown>>,
): Pick<AffectedPackage, 'fixState' | 'fixReason'> {
  if (release['urgency'] === 'end-of-life') return { fixState: 'end-of-life', fixReason: 'end-of-life' }
  const words = textOf(release['nodsa'], 256)
  if (words === undefined) return { fixState: 'not-fixed' }
  const fixReason = `no-dsa: ${words}`
  if (release['nodsa_reason'] === 'ignored') return { fixState: 'will-not-fix', fixReason }
  if (release['nodsa_reason'] === 'postponed') return { fixState: 'deferred', fixReason }
  return { fixState: 'not-fixed', fixReason }
}

/** `high**` is an urgency that was taken from NVD and not set by Debian: the stars go, the word stays. */
function ratingOf(urgency: unknown): { rating?: string } {
  const word = textOf(urgency, 64)?.replace(/\*{1,2}$/, '')
  return word === undefined || word === 'not yet assigned' ? {} : { rating: word }
}
