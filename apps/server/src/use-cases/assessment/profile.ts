import { createHash } from 'node:crypto'
import { assessmentState, inventoryReasons } from '@lanner/assessment/judgement'
import type { ImageInventory } from '@lanner/extractors'
import type { AdvisoryReader } from '@lanner/matching'
import {
  type AssessmentReason,
  type AssessmentState,
  type Distribution,
  isPackageType,
  type Package,
  type PackageType,
} from '@lanner/model'

/** All that an assessment's state depends on beside time and advisories: what many images have in common. */
export interface Profile {
  readonly distribution?: Distribution
  readonly repositoryCpes: readonly string[]
  /** Sorted. */
  readonly packageTypes: readonly PackageType[]
  /** By what was read alone. */
  readonly ownState: AssessmentState
  /** Not a single file: there was nothing to read. */
  readonly empty: boolean
}

export function profileOf(inventory: ImageInventory, empty: boolean): Profile {
  return {
    ...(inventory.distribution ? { distribution: inventory.distribution } : {}),
    repositoryCpes: inventory.repositoryCpes,
    packageTypes: [...new Set(inventory.packages.map((pack) => pack.type))].sort(),
    ownState: assessmentState(inventory.reasons, inventory.packages),
    empty,
  }
}

/** The same for profiles that no judgement tells apart; the context goes in by its own identity. */
export function profileIdentity(profile: Profile, context: Buffer): Buffer {
  const { packageTypes, ownState, empty } = profile
  return createHash('sha256')
    .update(JSON.stringify([context.toString('hex'), packageTypes, ownState, empty]))
    .digest()
}

/** What can be said of every image with this profile now. */
export interface ProfileJudgement {
  readonly state: AssessmentState
  /** Codes of the reasons that lower it. */
  readonly codes: readonly AssessmentReason['code'][]
  /** The first such reason in a sentence; '' where there is none. */
  readonly reason: string
}

/** Judges a profile: by one package of each type, since it is types that coverage is decided by. */
export function judgeProfile(
  profile: Profile,
  advisories: AdvisoryReader | undefined,
  now: Date,
): ProfileJudgement {
  const packages = profile.packageTypes.map(standIn)
  const reasons = advisories ? reasonsFor(profile, packages, advisories, now) : [noAdvisories]
  const lowering = reasons.filter((reason) => !reason.informational)
  if (packages.length === 0 && !profile.empty && !lowering.some(({ code }) => code === 'no-distribution')) {
    lowering.push({ code: 'no-distribution', message: 'nothing that is known to us was found in it' })
  }
  const state = worst(profile.ownState, assessmentState(lowering, packages))
  return { state, codes: lowering.map(({ code }) => code), reason: lowering[0]?.message ?? '' }
}

const noAdvisories: AssessmentReason = {
  code: 'no-advisories',
  message: 'there are no advisories to judge it by yet',
}

function reasonsFor(
  { distribution, repositoryCpes }: Profile,
  packages: readonly Package[],
  advisories: AdvisoryReader,
  now: Date,
): AssessmentReason[] {
  const inventory = { packages, repositoryCpes, reasons: [], ...(distribution ? { distribution } : {}) }
  return inventoryReasons(inventory, advisories, [], now)
}

function standIn(type: PackageType): Package {
  // With a namespace and a name that no advisory has: only whether there is a feed for the type is asked.
  return {
    type,
    namespace: 'any',
    name: 'any',
    version: '0',
    purl: '',
    confidence: 'declared',
    locations: [],
  }
}

const order: readonly AssessmentState[] = ['assessed', 'partially', 'not_assessable']

function worst(a: AssessmentState, b: AssessmentState): AssessmentState {
  return order[Math.max(order.indexOf(a), order.indexOf(b))]
}

/** A profile as it was stored. Types that this version does not know are left out. */
export function storedProfile(row: {
  readonly distribution: Distribution | null
  readonly repository_cpes: readonly string[]
  readonly package_types: readonly string[]
  readonly own_state: string
  readonly empty: boolean
}): Profile {
  return {
    ...(row.distribution ? { distribution: row.distribution } : {}),
    repositoryCpes: row.repository_cpes,
    packageTypes: row.package_types.filter(isPackageType),
    ownState: order.find((state) => state === row.own_state) ?? 'not_assessable',
    empty: row.empty,
  }
}
