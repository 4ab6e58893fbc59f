import { randomUUID } from 'node:crypto'
import type { VexDocument, VexStatement } from '@lanner/documents'
import type { StoredExclusion, VexImageScope } from '../db/tables/policy.ts'
import { mapInTurns, partsOf } from './turns.ts'
import type { PlacedClaim } from './vex-estate.ts'
import { type StandingWord, sortedScope, spares, uuidOf } from './vex-standing.ts'

/** A word that was taken, with the claim that it came from. */
export interface TakenWord {
  readonly word: StandingWord
  readonly claim: PlacedClaim
}

/** An exclusion that a statement was made into. */
export interface MadeExclusion {
  readonly statement: number
  readonly exclusion: StoredExclusion
}

/** Package URLs of one exclusion; a statement with more is made into several. */
const mostPackages = 1000

/** The exclusions that the words of a document stand for: one for each statement and image, with all packages in it. */
export async function exclusionsOf(
  taken: readonly TakenWord[],
  document: VexDocument,
  actor: string,
  now: Date,
): Promise<readonly MadeExclusion[]> {
  const sparing = taken.filter(({ word }) => spares(word.status))
  const keys = await mapInTurns(sparing, ({ word, claim }) =>
    // A name for several vulnerabilities is kept apart: each may be taken back by itself.
    JSON.stringify([
      claim.statement,
      word.image && sortedScope(word.image),
      claim.vulnerabilities.length > 1 ? word.vulnerability : '',
      word.package === '',
    ]),
  )
  const groups = Map.groupBy(sparing, (_, place) => keys[place])
  const made = await mapInTurns([...groups.values()], (members) => {
    const packages = [...new Set(members.map(({ word }) => word.package))]
      .filter((pack) => pack !== '')
      .sort()
    const parts = packages.length === 0 ? [[]] : [...partsOf(packages, mostPackages)]
    return parts.map((part) => madeOf(members[0] as TakenWord, part, document, actor, now))
  })
  return made.flat()
}

function madeOf(
  { word, claim }: TakenWord,
  packages: readonly string[],
  document: VexDocument,
  actor: string,
  now: Date,
): MadeExclusion {
  const statement = document.statements[claim.statement] as VexStatement
  const { justification, impact, status } = statement
  const several = claim.vulnerabilities.length > 1
  const names = several ? [word.vulnerability] : [...new Set([...claim.names, ...claim.vulnerabilities])]
  const at = now.toISOString()
  return {
    statement: claim.statement,
    exclusion: {
      id: randomUUID(),
      prop: 'cve',
      op: 'in',
      value: names,
      ...(packages.length > 0 ? { and: [{ prop: 'purl', op: 'in', value: packages }] } : {}),
      ...(word.image ? { scope: word.image } : {}),
      description: descriptionOf(statement, document),
      author: actor,
      createdAt: at,
      updatedAt: at,
      vex: {
        document: document.id,
        version: document.version,
        author: document.author,
        vulnerability: word.vulnerability,
        status: status === 'fixed' ? 'fixed' : 'not_affected',
        ...(justification ? { justification } : {}),
        ...(impact ? { impact } : {}),
        statedAt: new Date(word.at).toISOString(),
      },
    },
  }
}

function descriptionOf({ status, justification, impact }: VexStatement, { author, id }: VexDocument): string {
  const why = [status === 'fixed' ? 'fixed' : justification?.replaceAll('_', ' '), impact].filter(Boolean)
  return `${why.join(': ') || 'not affected'} (VEX${author ? ` of ${author}` : ''}, ${id})`
}

/** What becomes of the exclusions that there are. */
export interface KeptExclusions {
  readonly exclusions: readonly StoredExclusion[]
  readonly created: readonly StoredExclusion[]
  /** Those that are taken back or lose a part, as they were. */
  readonly withdrawn: readonly StoredExclusion[]
  /** Under which id each of those that were made is kept. */
  readonly kept: ReadonlyMap<StoredExclusion, string>
}

/**
 * Puts what was made into the place of what the document's version before was made into, and takes back what of other
 * documents has ended. What is the same stays, with its id and times.
 */
export async function keptExclusions(
  current: readonly StoredExclusion[],
  document: string,
  made: readonly StoredExclusion[],
  ended: readonly StandingWord[],
): Promise<KeptExclusions> {
  const contents = await mapInTurns(made, contentOf)
  const left = Map.groupBy(made, (_, place) => contents[place])
  const kept = new Map<StoredExclusion, string>()
  const withdrawn: StoredExclusion[] = []
  const subjects = await mapInTurns(ended, ({ document, vulnerability, image }) =>
    endedSubject(document, vulnerability, image),
  )
  const bySubject = Map.groupBy(ended, (_, place) => subjects[place])
  const staying = await mapInTurns(current, (exclusion): readonly StoredExclusion[] => {
    if (exclusion.vex === undefined) return [exclusion]
    if (exclusion.vex.document !== document) {
      const { document, vulnerability } = exclusion.vex
      const image = (exclusion.scope as VexImageScope | undefined) ?? null
      const subject = endedSubject(uuidOf('vex', document), vulnerability, image)
      const rest = withoutEnded(exclusion, bySubject.get(subject) ?? [])
      if (rest !== exclusion) withdrawn.push(exclusion)
      return rest ? [rest] : []
    }
    const same = left.get(contentOf(exclusion))?.shift()
    if (!same) {
      withdrawn.push(exclusion)
      return []
    }
    kept.set(same, exclusion.id)
    return [same.vex ? { ...exclusion, vex: same.vex } : exclusion]
  })
  const created = [...left.values()].flat()
  for (const exclusion of created) kept.set(exclusion, exclusion.id)
  return { exclusions: [...staying.flat(), ...created], created, withdrawn, kept }
}

/** What an exclusion of a document takes away, and why. */
function contentOf({ value, and, scope, description, vex }: StoredExclusion): string {
  const packages = packagesOf(and)
  return JSON.stringify([
    [...value].sort(),
    packages && [...packages].sort(),
    scope ? sortedScope(scope as VexImageScope) : null,
    description,
    vex?.vulnerability,
    vex?.status,
    vex?.justification,
    vex?.impact,
  ])
}

/** What a word of a document is about, apart from the package. */
function endedSubject(document: string, vulnerability: string, image: VexImageScope | null): string {
  return JSON.stringify([document, vulnerability, image && sortedScope(image)])
}

/** The exclusion as it is left by the words about the same that are over; undefined when nothing is. */
function withoutEnded(
  exclusion: StoredExclusion,
  over: readonly StandingWord[],
): StoredExclusion | undefined {
  if (over.length === 0) return exclusion
  const packages = packagesOf(exclusion.and)
  if (!packages) return over.some((word) => word.package === '') ? undefined : exclusion
  const gone = new Set(over.map((word) => word.package))
  const rest = packages.filter((pack) => !gone.has(pack))
  if (rest.length === packages.length) return exclusion
  return rest.length === 0 ? undefined : { ...exclusion, and: [{ prop: 'purl', op: 'in', value: rest }] }
}

/** The package URLs that it is for; undefined: for every package. */
function packagesOf(and: StoredExclusion['and']): readonly string[] | undefined {
  const value = and?.find(({ prop }) => prop === 'purl')?.value
  return Array.isArray(value) ? (value as readonly string[]) : undefined
}
