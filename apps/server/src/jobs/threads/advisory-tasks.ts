import {
  type AdvisoryStore,
  compactAdvisories,
  importAdvisories,
  openStore,
  updateAdvisories,
} from '@lanner/advisories'
import { type MatchGroup, matchGroups } from '../../use-cases/assessment/matcher.ts'
import type { TaskContext } from '../tasks/conversation.ts'
import { ownBytes, Transferred } from '../tasks/protocol.ts'

export interface ImportAsked {
  readonly from: string
  readonly into: string
}

export interface UpdateAsked {
  readonly into: string
  readonly baseUrl?: string
}

export interface MatchAsked {
  readonly folder: string
  readonly revision: string
  readonly groups: readonly MatchGroup[]
}

/** What became of a store. `changedNames` are absent where anything may have changed. */
export interface StoreChange {
  readonly revision: string
  readonly changedNames?: readonly string[]
  /** A line for each source that could not be had, with the reason. */
  readonly failed: readonly string[]
}

const now = (): Date => new Date()

/** Takes a folder of feeds into the store. */
export async function importStore({ from, into }: ImportAsked, context: TaskContext): Promise<StoreChange> {
  const { revision } = await importAdvisories(from, into, {
    now,
    signal: context.signal,
    onProgress: (progress) => context.emit(progress),
  })
  return { revision, failed: [] }
}

/** Brings the store up to date from the network, and merges its deltas when they have grown. */
export async function updateStore(
  { into, baseUrl }: UpdateAsked,
  context: TaskContext,
): Promise<StoreChange> {
  const report = await updateAdvisories(into, {
    now,
    signal: context.signal,
    onProgress: (progress) => context.emit(progress),
    ...(baseUrl ? { baseUrl } : {}),
  })
  const merged = report.compactionDue ? await compactAdvisories(into, { signal: context.signal }) : undefined
  const { changedKeys, sources } = report
  return {
    revision: merged?.revision ?? report.revision,
    ...(changedKeys === 'all' ? {} : { changedNames: [...new Set(changedKeys.map(({ name }) => name))] }),
    failed: sources
      .filter(({ outcome }) => outcome === 'failed')
      .map(({ source, message }) => `${source}: ${message ?? 'could not be had'}`),
  }
}

let open: AdvisoryStore | undefined

/**
 * Matches packages with the store in a folder. Answers JSON as bytes that change hands, or nothing where the folder holds
 * another revision than the one that is asked for: whoever asks then opens that one first.
 */
export async function matchStored({
  folder,
  revision,
  groups,
}: MatchAsked): Promise<Transferred | undefined> {
  if (open?.revision !== revision) {
    open?.[Symbol.dispose]()
    open = openStore(folder)
  }
  if (open.revision !== revision) return undefined
  const bytes = ownBytes(Buffer.from(JSON.stringify(matchGroups(groups, open, now()))))
  return new Transferred(bytes, [bytes.buffer])
}
