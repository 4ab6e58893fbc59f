import type { AdvisoryReader } from '@lanner/matching'
import type { Distribution, PackageFacts } from '@lanner/model'
import { advisoryState, heldAdvisoryState, noteApplied, unhurried } from '../../db/advisory-state.ts'
import { profiles, setProfileState } from '../../db/assessment-profile.ts'
import { putChangeEvents } from '../../db/change-event.ts'
import type { Database } from '../../db/database.ts'
import {
  findingStates,
  type NewVulnerability,
  putFindings,
  putVulnerabilities,
  removeFindings,
} from '../../db/finding.ts'
import { applySetCounts } from '../../db/image.ts'
import { countVulnerableLayers } from '../../db/image-content.ts'
import {
  contexts,
  countPackageFindings,
  packagesAfter,
  packagesByName,
  type StoredPackage,
} from '../../db/package.ts'
import { countSetFindings, dirtySets, markSetsDirty } from '../../db/package-set.ts'
import { storableText } from '../../db/storable.ts'
import { compareFindings, type PackageChange } from './changes.ts'
import type { FoundRow, Matcher, MatchGroup } from './matcher.ts'
import { judgeProfile, storedProfile } from './profile.ts'

export interface RematchPorts {
  readonly database: Database
  readonly transaction: <T>(work: (transaction: Database) => Promise<T>) => Promise<T>
  readonly matcher: Matcher
  readonly advisories: () => AdvisoryReader | undefined
  readonly now: () => Date
}

export interface RematchProgress {
  readonly packages: number
  readonly changed: number
  readonly events: number
}

/** Packages that are matched and written at once. */
const batchSize = 500
/** Sets whose counts are brought up to date at once. */
const setBatchSize = 200

/**
 * Carries a change of the advisories into the findings: the packages that the changed names may concern are matched anew
 * (all of them when `names` is undefined), and what differs is written with its events in one transaction a batch. The
 * counts of sets and images follow. It may be stopped and begun again at any moment: what is done already shows no
 * difference, and counts that have not followed are marked.
 */
export async function rematch(
  names: readonly string[] | undefined,
  ports: RematchPorts,
  signal: AbortSignal,
  onProgress: (progress: RematchProgress) => void = () => {},
): Promise<RematchProgress> {
  const { sequence } = await advisoryState(ports.database)
  let progress: RematchProgress = { packages: 0, changed: 0, events: 0 }
  for await (const batch of batches(names, ports.database)) {
    signal.throwIfAborted()
    const { changed, events } = await rematchBatch(batch, ports)
    progress = {
      packages: progress.packages + batch.length,
      changed: progress.changed + changed,
      events: progress.events + events,
    }
    onProgress(progress)
  }
  await judgeProfiles(ports)
  await followCounts(ports, signal)
  await noteApplied(ports.database, sequence)
  return progress
}

async function* batches(
  names: readonly string[] | undefined,
  database: Database,
): AsyncGenerator<readonly StoredPackage[]> {
  if (names) {
    const concerned = await packagesByName(database, names)
    for (let start = 0; start < concerned.length; start += batchSize) {
      yield concerned.slice(start, start + batchSize)
    }
    return
  }
  for (let after = 0; ; ) {
    const batch = await packagesAfter(database, after, batchSize)
    if (batch.length === 0) return
    yield batch
    after = batch[batch.length - 1].package_id
  }
}

async function rematchBatch(
  batch: readonly StoredPackage[],
  ports: RematchPorts,
): Promise<{ changed: number; events: number }> {
  for (;;) {
    const matched = await matchStored(batch, ports)
    if (!matched) return { changed: 0, events: 0 }
    const done = await ports.transaction(async (transaction) => {
      await unhurried(transaction)
      const { revision } = await heldAdvisoryState(transaction)
      // Yet another revision was taken over; its own turn may not concern these packages, so they are matched again.
      if (revision !== matched.revision) return undefined
      const changes = await changesOf(transaction, matched.findings)
      return writeChanges(transaction, changes, matched.vulnerabilities, ports.now())
    })
    if (done) return done
  }
}

interface StoredMatch {
  readonly revision: string
  readonly findings: ReadonlyMap<number, readonly FoundRow[]>
  readonly vulnerabilities: readonly NewVulnerability[]
}

async function matchStored(
  batch: readonly StoredPackage[],
  { database, matcher }: RematchPorts,
): Promise<StoredMatch | undefined> {
  const known = new Map((await contexts(database)).map((context) => [context.context_id, context]))
  const groups = [...Map.groupBy(batch, (stored) => stored.context_id)]
  const matched = await matcher.match(
    groups.map(([context, stored]): MatchGroup => {
      const { distribution, repository_cpes } = known.get(context) ?? {
        distribution: null,
        repository_cpes: [],
      }
      return {
        ...(distribution ? { distribution: distribution as Distribution } : {}),
        repositoryCpes: repository_cpes,
        packages: stored.map(({ facts }) => facts as PackageFacts & { purl: string }),
      }
    }),
  )
  if (!matched) return undefined
  const findings = new Map<number, readonly FoundRow[]>()
  groups.forEach(([, stored], group) => {
    for (const [place, { package_id }] of stored.entries())
      findings.set(package_id, matched.findings[group][place])
  })
  return { revision: matched.revision, findings, vulnerabilities: matched.vulnerabilities }
}

async function changesOf(
  transaction: Database,
  findings: ReadonlyMap<number, readonly FoundRow[]>,
): Promise<readonly PackageChange[]> {
  const stood = Map.groupBy(
    await findingStates(transaction, [...findings.keys()]),
    (state) => state.package_id,
  )
  return [...findings].flatMap(([id, now]) => compareFindings(id, stood.get(id) ?? [], now) ?? [])
}

async function writeChanges(
  transaction: Database,
  changes: readonly PackageChange[],
  vulnerabilities: readonly NewVulnerability[],
  now: Date,
): Promise<{ changed: number; events: number }> {
  if (changes.length === 0) return { changed: 0, events: 0 }
  const ids = changes.map(({ packageId }) => packageId)
  const about = new Set(changes.flatMap(({ put }) => put.map(({ vulnerabilityId }) => vulnerabilityId)))
  await putVulnerabilities(
    transaction,
    vulnerabilities.filter(({ id }) => about.has(id)),
    now,
  )
  await putFindings(
    transaction,
    changes.flatMap(({ packageId, put }) => put.map((finding) => ({ ...finding, packageId }))),
    now,
  )
  await removeFindings(
    transaction,
    changes.flatMap(({ packageId, gone }) => gone.map((vulnerabilityId) => ({ packageId, vulnerabilityId }))),
  )
  await countPackageFindings(transaction, ids)
  const events = await putChangeEvents(
    transaction,
    changes.flatMap((change) => change.events),
    now,
  )
  await markSetsDirty(transaction, ids)
  return { changed: changes.length, events }
}

/** Brings the counts of sets and images up to date wherever findings changed. */
export async function followCounts(ports: RematchPorts, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    const followed = await ports.transaction(async (transaction) => {
      await unhurried(transaction)
      const sets = await dirtySets(transaction, setBatchSize)
      if (sets.length === 0) return 0
      await countSetFindings(transaction, sets)
      await countVulnerableLayers(transaction, sets)
      await applySetCounts(transaction, sets)
      return sets.length
    })
    if (followed === 0) return
  }
}

/** Judges every profile anew and tells the images whose state is another one now. */
export async function judgeProfiles(ports: RematchPorts): Promise<void> {
  const { database } = ports
  const known = new Map((await contexts(database)).map((context) => [context.context_id, context]))
  const advisories = ports.advisories()
  for (const row of await profiles(database)) {
    const context = known.get(row.context_id)
    if (!context) continue
    const profile = storedProfile({
      ...row,
      distribution: context.distribution as Distribution | null,
      repository_cpes: context.repository_cpes,
    })
    const { state, codes, reason } = judgeProfile(profile, advisories, ports.now())
    if (state === row.state && codes.join() === row.codes.join()) continue
    await ports.transaction((transaction) =>
      setProfileState(transaction, row.profile_id, state, codes, storableText(reason)),
    )
  }
}
