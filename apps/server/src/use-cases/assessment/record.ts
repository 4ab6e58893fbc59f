import type { KnownImage } from '@lanner/assessment'
import type { ImageInventory } from '@lanner/extractors'
import { type AdvisoryReader, distributionCoverage, lookupNames, suppression } from '@lanner/matching'
import type { AssessmentReason, ImageFacts } from '@lanner/model'
import { heldAdvisoryState } from '../../db/advisory-state.ts'
import { profileId } from '../../db/assessment-profile.ts'
import type { Database } from '../../db/database.ts'
import { type NewFinding, putFindings, putVulnerabilities } from '../../db/finding.ts'
import { applyContent } from '../../db/image.ts'
import { countVulnerableLayers, putImageContent, putLayers } from '../../db/image-content.ts'
import { putImageLayers } from '../../db/image-layer.ts'
import {
  addPackages,
  contextId,
  countPackageFindings,
  knownPackages,
  type NewPackage,
} from '../../db/package.ts'
import { countSetFindings, packageSet } from '../../db/package-set.ts'
import { storableJson, storableText } from '../../db/storable.ts'
import { isAiPackage } from '../ai-packages.ts'
import { eachInTurns, mapInTurns, partsOf } from '../turns.ts'
import { contextIdentity, displayName, packageIdentity, setIdentity, sharedFacts } from './identities.ts'
import { imageLayers } from './image-layers.ts'
import { packInventory } from './inventory-lines.ts'
import type { Matched, Matcher } from './matcher.ts'
import { judgeProfile, profileIdentity, profileOf } from './profile.ts'

/** What was read in one image, or why it could not be read. */
export interface ImageReading {
  readonly facts: ImageFacts
  /** The documents as published. */
  readonly documents: { readonly manifest: string; readonly config: string }
  readonly known?: KnownImage
  /** Set when there is no `known`. */
  readonly unread?: AssessmentReason
  readonly extractorRevision: string
  /** Set where nobody has read it here: what it is kept under in place of its digest, and how large it is said to be. */
  readonly claim?: { readonly key: string; readonly size: number }
}

export interface RecordPorts {
  readonly database: Database
  readonly transaction: <T>(work: (transaction: Database) => Promise<T>) => Promise<T>
  readonly matcher: Matcher
  /** The advisories that states are judged by; undefined while there are none. */
  readonly advisories: () => AdvisoryReader | undefined
  readonly now: () => Date
}

/** Another revision was taken over while packages were matched with this one. */
class RevisionMoved extends Error {}

/**
 * Keeps what was read in an image: its packages (each once, however many images have it), their findings, the set, the
 * counts, and the image's content. Everything or nothing. Packages that are new are matched before the transaction, which
 * then makes sure that no other advisories were taken over meanwhile.
 */
export async function recordImage(reading: ImageReading, ports: RecordPorts): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await recordOnce(reading, ports)
    } catch (error) {
      if (!(error instanceof RevisionMoved) || attempt === 5) throw error
    }
  }
}

/** Rows of one statement: an image may have a hundred thousand packages, and writing them out keeps others waiting. */
const rowsAtOnce = 1_000

interface IdentifiedPackage {
  readonly identity: Buffer
  /** The same in hex. */
  readonly key: string
  readonly pack: ImageInventory['packages'][number]
}

interface Prepared {
  readonly context: Buffer
  readonly packages: readonly IdentifiedPackage[]
  /** Those that were not known, by identity in hex, with the index in `matched`. */
  readonly missing: ReadonlyMap<string, number>
  readonly matched: Matched | undefined
  /** As it is kept. */
  readonly inventory: Buffer
}

async function recordOnce(reading: ImageReading, ports: RecordPorts): Promise<void> {
  const { known } = reading
  const prepared = known && (await prepare(known.inventory, ports))
  const now = ports.now()
  await ports.transaction(async (transaction) => {
    if (!known || !prepared) return putUnread(transaction, reading, now)
    const { revision } = await heldAdvisoryState(transaction)
    if (prepared.matched && prepared.matched.revision !== revision) throw new RevisionMoved()
    const id = await contextId(
      transaction,
      prepared.context,
      known.inventory.distribution ? storableJson(known.inventory.distribution) : null,
      known.inventory.repositoryCpes.map(storableText),
    )
    const ids = await putPackages(transaction, prepared, id, now)
    const { setId, layers } = await putSet(transaction, known, prepared, ids)
    const profile = profileOf(
      known.inventory,
      // Of what was not read here, nobody knows that there is nothing in it.
      reading.claim === undefined && known.layers.every((layer) => layer.reading.entries === 0),
    )
    const judgement = judgeProfile(profile, ports.advisories(), now)
    await putLayers(
      transaction,
      known.layers.map((layer) => layer.reading),
      now,
    )
    await putImageContent(
      transaction,
      {
        ...contentOf(reading),
        profileId: await profileId(transaction, {
          identity: profileIdentity(profile, prepared.context),
          contextId: id,
          packageTypes: profile.packageTypes,
          ownState: profile.ownState,
          empty: profile.empty,
          state: judgement.state,
          codes: judgement.codes,
          reason: storableText(judgement.reason),
        }),
        setId,
        unreadReasons: '[]',
        inventory: prepared.inventory,
        packageLayers: layers,
      },
      now,
    )
    await putImageLayers(transaction, keyOf(reading), imageLayers(reading.facts.layers))
    await countVulnerableLayers(transaction, [setId])
    await applyContent(transaction, keyOf(reading), now)
  })
}

/** Finds out which packages are new, and matches those. */
async function prepare(inventory: ImageInventory, { database, matcher }: RecordPorts): Promise<Prepared> {
  const { distribution, repositoryCpes } = inventory
  const context = contextIdentity(distribution, repositoryCpes)
  const packages = await mapInTurns(inventory.packages, (pack): IdentifiedPackage => {
    const identity = packageIdentity(pack, context)
    return { identity, key: identity.toString('hex'), pack }
  })
  const known = await knownAmong(database, packages)
  const fresh = packages.filter(({ key }) => !known.has(key))
  const missing = new Map(fresh.map(({ key }, index) => [key, index]))
  const group = {
    repositoryCpes,
    packages: fresh.map(({ pack }) => sharedFacts(pack)),
    ...(distribution ? { distribution } : {}),
  }
  // Also asked when nothing is new: the answer says which advisories the findings of the known ones rest on.
  const matched = await matcher.match([group])
  return { context, packages, missing, matched, inventory: await packInventory(inventory) }
}

async function knownAmong(
  database: Database,
  packages: readonly IdentifiedPackage[],
): Promise<Map<string, number>> {
  const known = new Map<string, number>()
  for (const part of partsOf(packages, rowsAtOnce)) {
    const found = await knownPackages(
      database,
      part.map(({ identity }) => identity),
    )
    for (const [key, id] of found) known.set(key, id)
  }
  return known
}

async function putPackages(
  transaction: Database,
  { packages, missing, matched }: Prepared,
  context: number,
  now: Date,
): Promise<Map<string, number>> {
  // In one order over all parts, so that two writers never wait for each other in a circle.
  const fresh = packages
    .filter(({ key }) => missing.has(key))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
  const added: (readonly [key: string, id: number])[] = []
  for (const part of partsOf(fresh, rowsAtOnce)) {
    const rows = part.map((each) => newPackage(each, context))
    for (const entry of await addPackages(transaction, rows, now)) added.push(entry)
  }
  if (matched) {
    const vulnerabilities = matched.vulnerabilities.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    for (const part of partsOf(vulnerabilities, rowsAtOnce)) await putVulnerabilities(transaction, part, now)
    added.sort(([, one], [, other]) => one - other)
    const ofPackages = await mapInTurns(added, ([key, packageId]) =>
      (matched.findings[0]?.[missing.get(key) ?? -1] ?? []).map(
        (finding): NewFinding => ({ ...finding, packageId }),
      ),
    )
    const found = ofPackages.flat()
    for (const part of partsOf(found, rowsAtOnce)) await putFindings(transaction, part, now)
    for (const part of partsOf(added, rowsAtOnce))
      await countPackageFindings(
        transaction,
        part.map(([, id]) => id),
      )
  }
  // What another writer added meanwhile is found here, with that writer's findings.
  return knownAmong(transaction, packages)
}

function newPackage({ identity, pack }: IdentifiedPackage, contextId: number): NewPackage {
  return {
    identity,
    contextId,
    type: pack.type,
    name: storableText(displayName(pack)),
    version: storableText(pack.version),
    purl: storableText(pack.purl),
    licenses: (pack.licenses ?? []).map(storableText),
    facts: storableJson(sharedFacts(pack)),
    names: lookupNames(pack).map(storableText),
    aiRelated: isAiPackage(pack.type, displayName(pack)),
  }
}

async function putSet(
  transaction: Database,
  { inventory }: KnownImage,
  { packages }: Prepared,
  ids: ReadonlyMap<string, number>,
): Promise<{ setId: number; layers: readonly number[] }> {
  const coverage =
    inventory.distribution && distributionCoverage(inventory.distribution, inventory.repositoryCpes)
  const members = new Map<number, { packageId: number; suppressed: boolean; layer: number }>()
  await eachInTurns(packages, ({ key, pack }) => {
    const packageId = ids.get(key)
    if (packageId === undefined) throw new Error('a package that was just added is gone')
    members.set(packageId, {
      packageId,
      suppressed: suppression(pack, coverage) !== undefined,
      layer: pack.locations[0]?.layerIndex ?? -1,
    })
  })
  const sorted = [...members.values()].sort((a, b) => a.packageId - b.packageId)
  const { setId, added } = await packageSet(transaction, setIdentity(sorted), sorted)
  if (added) await countSetFindings(transaction, [setId])
  return { setId, layers: sorted.map(({ layer }) => layer) }
}

async function putUnread(transaction: Database, reading: ImageReading, now: Date): Promise<void> {
  const reason = reading.unread ?? { code: 'unreadable-layer', message: 'it could not be read' }
  await putImageContent(
    transaction,
    {
      ...contentOf(reading),
      profileId: null,
      setId: null,
      unreadReasons: storableJson([reason]),
      inventory: null,
      packageLayers: [],
    },
    now,
  )
  await applyContent(transaction, keyOf(reading), now)
}

function keyOf({ claim, facts }: ImageReading): string {
  return claim?.key ?? facts.manifestDigest
}

function contentOf(reading: ImageReading) {
  const { facts, documents, extractorRevision, claim } = reading
  const { distribution, platform } = facts
  return {
    digest: keyOf(reading),
    configDigest: facts.configDigest,
    architecture: storableText(platform.architecture),
    os: storableText(platform.os),
    variant: platform.variant === undefined ? null : storableText(platform.variant),
    size: claim?.size ?? facts.layers.reduce((sum, layer) => sum + layer.size, 0),
    created: instantOf(facts.created),
    baseOs: storableText(distribution?.name ?? distribution?.id ?? ''),
    baseOsVersion: storableText(distribution?.version ?? ''),
    facts: storableJson(facts),
    manifest: storableText(documents.manifest),
    config: storableText(documents.config),
    extractorRevision,
  }
}

/** As PostgreSQL can store it; what is no instant is none. */
function instantOf(text: string | undefined): string | null {
  const time = text === undefined ? Number.NaN : Date.parse(text)
  const year = Number.isNaN(time) ? -1 : new Date(time).getUTCFullYear()
  return year < 0 || year > 9999 ? null : new Date(time).toISOString()
}
