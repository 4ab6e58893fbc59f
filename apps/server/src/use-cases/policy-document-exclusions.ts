import { randomUUID } from 'node:crypto'
import { exclusionExpiry, policyLimits } from '@lanner/policy'
import { documentExclusion, exclusionSubject } from './policy-document-content.ts'
import type { PolicyDocumentChange } from './policy-document-form.ts'
import { type ReadDocumentExclusion, refused } from './policy-document-read.ts'
import type { StoredExclusion } from './policy-set.ts'

/**
 * The exclusions that a document asks for. One that takes away the same as one that is there is that one: unchanged when its
 * reason and end are the same too, else written anew by `actor`, so that its ttl begins now. Those of VEX documents stay.
 */
export function plannedExclusions(
  current: readonly StoredExclusion[],
  wanted: readonly ReadDocumentExclusion[],
  actor: string,
  now: Date,
): { readonly exclusions: readonly StoredExclusion[]; readonly changes: readonly PolicyDocumentChange[] } {
  const others = current.filter(({ vex }) => vex)
  if (wanted.length + others.length > policyLimits.exclusions)
    throw refused(
      'exclusions',
      `${wanted.length} and ${others.length} of VEX documents, at most ${policyLimits.exclusions} are kept`,
    )
  const left = Map.groupBy(
    current.filter(({ vex }) => !vex),
    exclusionSubject,
  )
  const take = (exclusion: ReadDocumentExclusion, suits: (known: StoredExclusion) => boolean) => {
    const known = left.get(exclusionSubject(exclusion)) ?? []
    const place = known.findIndex(suits)
    return place < 0 ? undefined : known.splice(place, 1)[0]
  }
  // Those that are unchanged first, so that no other takes their place.
  const same = wanted.map((exclusion) => take(exclusion, (known) => isSame(known, exclusion)))
  const changes: PolicyDocumentChange[] = []
  const exclusions = wanted.map((exclusion, index): StoredExclusion => {
    const unchanged = same[index]
    if (unchanged) return unchanged
    const before = take(exclusion, () => true)
    const after = writtenNow(exclusion, before, actor, now)
    changes.push({
      action: before ? 'update' : 'create',
      kind: 'exclusion',
      name: titleOf(after),
      ...(before ? { before: documentExclusion(before) } : {}),
      after: documentExclusion(after),
    })
    return after
  })
  for (const gone of [...left.values()].flat())
    changes.push({
      action: 'delete',
      kind: 'exclusion',
      name: titleOf(gone),
      before: documentExclusion(gone),
    })
  return { exclusions: [...exclusions, ...others], changes }
}

function isSame(known: StoredExclusion, exclusion: ReadDocumentExclusion): boolean {
  if ((known.description ?? '') !== (exclusion.description ?? '')) return false
  if (exclusion.expires === undefined) return (known.ttl ?? 0) === (exclusion.ttl ?? 0)
  return exclusionExpiry(known) === new Date(exclusion.expires).toISOString()
}

function writtenNow(
  { place, expires, ...exclusion }: ReadDocumentExclusion,
  before: StoredExclusion | undefined,
  actor: string,
  now: Date,
): StoredExclusion {
  if (expires !== undefined && expires <= now.getTime())
    throw refused(
      `${place}.expires`,
      `it ended at ${new Date(expires).toISOString()}: take it out, or give it a later end`,
    )
  // Clients of the vendor read a ttl as whole seconds: so that it ends when it is to, it may begin within the last second.
  const ttl = expires === undefined ? exclusion.ttl : Math.ceil((expires - now.getTime()) / 1000)
  const at = (expires === undefined ? now : new Date(expires - (ttl ?? 0) * 1000)).toISOString()
  return {
    ...exclusion,
    ...(ttl === undefined ? {} : { ttl }),
    id: before?.id ?? randomUUID(),
    author: actor,
    createdAt: before?.createdAt ?? at,
    updatedAt: at,
  }
}

/** `cve in CVE-2024-0001, CVE-2024-0002 and 3 more` */
function titleOf({ prop, op, value }: StoredExclusion): string {
  const shown = value.slice(0, 3).map((item) => item.slice(0, 80))
  return `${prop} ${op} ${shown.join(', ')}${value.length > 3 ? ` and ${value.length - 3} more` : ''}`
}
