import type { VexDocument, VexStatement, VexStatus } from '@lanner/documents'
import { policyLimits } from '@lanner/policy'
import type { StoredExclusion } from '../db/tables/policy.ts'
import type { VexDocumentRecord, VexStatementRecord } from '../db/vex-document.ts'
import { RequestFault } from './request-fault.ts'
import { eachInTurns, mapInTurns } from './turns.ts'
import type { ReadClaims, VexRefusal } from './vex-claims.ts'
import type { MatchedClaim, PlacedClaim } from './vex-estate.ts'
import { exclusionsOf, keptExclusions, type MadeExclusion, type TakenWord } from './vex-exclusions.ts'
import { type StandingWord, StandingWords, spares, uuidOf, wordUuid } from './vex-standing.ts'

/** What became of one statement. */
export interface VexStatementOutcome {
  /** Place in the document, from 0. */
  readonly statement: number
  /** Empty where the statement names none. */
  readonly vulnerability: string
  readonly status?: VexStatus
  /** How many of its products, or parts of them, are spared now. */
  readonly taken: number
  /** Ids of the exclusions that it was made into. */
  readonly exclusions: readonly string[]
  readonly refusals: readonly VexRefusal[]
}

/** What taking a document makes of what there is. */
export interface VexPlan {
  readonly outcomes: readonly VexStatementOutcome[]
  readonly exclusions: readonly StoredExclusion[]
  readonly created: readonly StoredExclusion[]
  /** Those that are taken back or lose a part, as they were. */
  readonly withdrawn: readonly StoredExclusion[]
  /** Undefined where a newer version was taken already, and nothing changes. */
  readonly document: VexDocumentRecord | undefined
  /** What the document says here, for whoever says more later. */
  readonly statements: readonly Omit<VexStatementRecord, 'documentUuid'>[]
  readonly ended: readonly Pick<VexStatementRecord, 'documentUuid' | 'uuid'>[]
}

/** What a document is planned against. */
export interface VexPlanInput {
  readonly document: VexDocument
  readonly read: ReadClaims
  readonly matched: readonly MatchedClaim[]
  /** Takes what matches nothing here, too: for images to come. */
  readonly keepUnmatched: boolean
  readonly exclusions: readonly StoredExclusion[]
  /** The version that was taken before. */
  readonly before: VexDocumentRecord | undefined
  readonly others: readonly VexStatementRecord[]
  readonly actor: string
  readonly now: Date
}

/** How many products of a document, or parts of them, can be taken. */
export const maxVexClaims = 10_000

/** The id under which a document's statements are kept. */
export function vexDocumentUuid({ id }: Pick<VexDocument, 'id'>): string {
  return uuidOf('vex', id)
}

/** Plans to take a document in the place of its version before. */
export async function planVex(input: VexPlanInput): Promise<VexPlan> {
  const { document, matched, before, others, exclusions, actor, now } = input
  const refusals = new Map([...input.read.refusals].map(([place, list]) => [place, [...list]]))
  const refuse = ({ statement, product }: PlacedClaim, reason: VexRefusal['reason'], message: string) => {
    const refusal = { product, reason, message }
    const known = refusals.get(statement)
    if (known) known.push(refusal)
    else refusals.set(statement, [refusal])
  }
  if (before && isOlder(document, before)) {
    const text = `version ${before.version} of this document was taken at ${before.importedAt.toISOString()}`
    for (const match of matched) refuse(claimOf(match), 'older', text)
    const outcomes = outcomesOf(document, [], [], new Map(), refusals)
    return {
      outcomes,
      exclusions,
      created: [],
      withdrawn: [],
      document: undefined,
      statements: [],
      ended: [],
    }
  }
  const uuid = vexDocumentUuid(document)
  const standing = new StandingWords(uuid, [])
  await eachInTurns(others, (word) => standing.add(standingOf(word)))
  const taken = await takeClaims(input, uuid, standing, refuse)
  const made = await exclusionsOf(taken, document, actor, now)
  const kept = await keptExclusions(
    exclusions,
    document.id,
    made.map(({ exclusion }) => exclusion),
    standing.ended,
  )
  if (kept.exclusions.length > policyLimits.exclusions)
    throw new RequestFault(
      'too-large',
      `there would be ${kept.exclusions.length} exclusions, at most ${policyLimits.exclusions} are kept`,
    )
  return {
    ...kept,
    outcomes: outcomesOf(document, taken, made, kept.kept, refusals),
    document: {
      uuid,
      id: document.id,
      format: document.format,
      version: document.version,
      author: document.author,
      statedAt: document.timestamp === undefined ? null : new Date(document.timestamp),
      importedAt: now,
      importedBy: actor,
    },
    statements: await mapInTurns(taken, ({ word }) => ({
      uuid: wordUuid(word),
      vulnerability: word.vulnerability,
      image: word.image,
      package: word.package,
      status: word.status,
      statedAt: new Date(word.at),
    })),
    ended: await mapInTurns(standing.ended, (word) => ({
      documentUuid: word.document,
      uuid: wordUuid(word),
    })),
  }
}

/** The words that stand in the end, each with its claim. Tells why others do not. */
async function takeClaims(
  { matched, keepUnmatched }: VexPlanInput,
  uuid: string,
  standing: StandingWords,
  refuse: (claim: PlacedClaim, reason: VexRefusal['reason'], message: string) => void,
): Promise<readonly TakenWord[]> {
  const claims = new Map<StandingWord, PlacedClaim>()
  // Statements of one document follow each other by their times, then as they stand.
  const inOrder = matched.toSorted(
    (a, b) => claimOf(a).at - claimOf(b).at || claimOf(a).statement - claimOf(b).statement,
  )
  await eachInTurns(inOrder, (match) => {
    const claim = claimOf(match)
    if (!keepUnmatched && 'reason' in match) return refuse(claim, match.reason, match.message)
    if (claims.size >= maxVexClaims)
      throw new RequestFault(
        'too-large',
        `the document says something of more than ${maxVexClaims} products; import it in parts`,
      )
    for (const vulnerability of claim.vulnerabilities) {
      const { status, at, scope: image = null, purl = '' } = claim
      const word = { document: uuid, vulnerability, image, package: purl, status, at }
      const against = standing.take(word)
      if (!against) claims.set(word, claim)
      else
        refuse(
          claim,
          'older',
          `${against.status} was said at ${new Date(against.at).toISOString()}, and this at ${new Date(at).toISOString()}`,
        )
    }
    if (!spares(claim.status)) refuse(claim, 'spares_nothing', `${claim.status} spares nothing`)
  })
  const own = new Map(standing.own().map((word) => [word, claims.get(word)]))
  const byVulnerability = Map.groupBy(own, ([{ vulnerability }]) => vulnerability)
  await eachInTurns(claims, ([word, claim]) => {
    if (own.has(word) || !spares(word.status)) return
    const by = byVulnerability.get(word.vulnerability)?.find(([other]) => other.at >= word.at)?.[1]
    // The same thing twice in one statement is no other word on it.
    if (by?.statement !== claim.statement)
      refuse(claim, 'older', 'a later statement of this document is about the same')
  })
  return [...own].flatMap(([word, claim]) => (claim ? [{ word, claim }] : []))
}

function claimOf(match: MatchedClaim): PlacedClaim {
  return 'reason' in match ? match.claim : match
}

function standingOf({ documentUuid, statedAt, status, ...said }: VexStatementRecord): StandingWord {
  return { ...said, document: documentUuid, status: status as VexStatus, at: statedAt.getTime() }
}

function outcomesOf(
  document: VexDocument,
  taken: readonly TakenWord[],
  made: readonly MadeExclusion[],
  kept: ReadonlyMap<StoredExclusion, string>,
  refusals: ReadonlyMap<number, readonly VexRefusal[]>,
): readonly VexStatementOutcome[] {
  const sparing = Map.groupBy(
    taken.filter(({ word }) => spares(word.status)),
    ({ claim }) => claim.statement,
  )
  const exclusions = Map.groupBy(made, ({ statement }) => statement)
  return document.statements.map(({ vulnerability, status }: VexStatement, statement) => ({
    statement,
    vulnerability,
    ...(status ? { status } : {}),
    taken: new Set(sparing.get(statement)?.map(({ claim }) => claim.product)).size,
    exclusions: (exclusions.get(statement) ?? []).map(({ exclusion }) => kept.get(exclusion) ?? exclusion.id),
    refusals: refusals.get(statement) ?? [],
  }))
}

/** Whether a version was made before the one that was taken: by their numbers where both have one, else by their times. */
function isOlder(document: VexDocument, before: VexDocumentRecord): boolean {
  const [mine, theirs] = [numbersOf(document.version), numbersOf(before.version)]
  if (mine && theirs)
    for (let at = 0; at < Math.max(mine.length, theirs.length); at++) {
      const difference = (mine[at] ?? 0) - (theirs[at] ?? 0)
      if (difference !== 0) return difference < 0
    }
  const [made, taken] = [document.timestamp, before.statedAt]
  return made !== undefined && taken !== null && Date.parse(made) < taken.getTime()
}

/** `3`, `1.2.0` */
function numbersOf(version: string): readonly number[] | undefined {
  return /^\d{1,9}(?:\.\d{1,9}){0,3}$/.test(version) ? version.split('.').map(Number) : undefined
}
