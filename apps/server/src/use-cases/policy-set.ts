import { createHash } from 'node:crypto'
import { type CompiledPolicies, compilePolicies, type Policy, type PolicyGroup } from '@lanner/policy'
import type { Database } from '../db/database.ts'
import { listPolicies, type PolicyRecord } from '../db/policy.ts'
import { findPolicyExclusions } from '../db/policy-exclusions.ts'
import { listPolicyGroups, type PolicyGroupRecord } from '../db/policy-group.ts'
import { policyRevision } from '../db/policy-revision.ts'
import type { StoredExclusion } from '../db/tables/policy.ts'
import { findTenant } from '../db/tenant.ts'
import { type Remembered, remembered } from './remembered.ts'

export type { StoredExclusion }

/** Images that a policy is for. */
export interface PolicyGroupEntity extends PolicyGroup {
  readonly policyId: string | null
  readonly description: string
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A policy with its groups and its place in the order, 1 first. */
export interface PolicyEntity extends Policy {
  readonly description: string
  readonly isDefault: boolean
  readonly precedence: number
  readonly groups: readonly PolicyGroupEntity[]
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** What a tenant has of policies, groups and exclusions at one revision. */
export interface PolicyHoldings {
  readonly revision: number
  /** In their order, the default last. */
  readonly policies: readonly PolicyEntity[]
  /** Groups without a policy, oldest first. */
  readonly looseGroups: readonly PolicyGroupEntity[]
  readonly exclusions: readonly StoredExclusion[]
}

/** All that a verdict rests on beside the image. */
export interface PolicySet extends PolicyHoldings {
  readonly compiled: CompiledPolicies<PolicyEntity, StoredExclusion>
}

/** The policies of tenants, compiled once for each revision. */
export interface PolicySets {
  of(cid: string): Promise<PolicySet>
  /** The same where they are remembered and young enough. */
  known(cid: string): PolicySet | undefined
  /** Told after a tenant's policies changed. */
  changed(cid: string): void
}

/** How long another process's change of policies may go unseen, in milliseconds. */
const policiesFreshFor = 1000

export function policySets(ports: {
  readonly database: Database
  /** Milliseconds since 1970. */
  readonly clock: () => number
}): PolicySets {
  const compiled = new Map<string, PolicySet>()
  const sets: Remembered<PolicySet> = remembered({
    freshFor: policiesFreshFor,
    atMost: 1000,
    clock: ports.clock,
    async load(cid) {
      // Read before what it numbers: what is read after it may be newer, and then the next revision says so.
      const revision = await policyRevision(ports.database, cid)
      const last = compiled.get(cid)
      if (last?.revision === revision) return last
      const set = await loadSet(ports.database, cid, revision)
      if (compiled.size >= 1000) compiled.clear()
      compiled.set(cid, set)
      return set
    },
  })
  return {
    async of(cid) {
      const set = await sets.get(cid)
      if (!set) throw new Error('a tenant always has policies')
      return set
    },
    known(cid) {
      const set = sets.get(cid)
      return set instanceof Promise ? undefined : set
    },
    changed(cid) {
      compiled.delete(cid)
      sets.forget((_, key) => key === cid)
    },
  }
}

async function loadSet(database: Database, cid: string, revision: number): Promise<PolicySet> {
  const holdings = await readHoldings(database, cid, revision)
  return { ...holdings, compiled: compilePolicies(holdings.policies, holdings.exclusions) }
}

/** What a tenant has, read for the revision that was read before it. */
export async function readHoldings(
  database: Database,
  cid: string,
  revision: number,
): Promise<PolicyHoldings> {
  const [{ policies, looseGroups }, exclusions] = await Promise.all([
    readPoliciesAndGroups(database, cid),
    findPolicyExclusions(database, cid),
  ])
  return { revision, policies, looseGroups, exclusions: exclusions?.conditions ?? [] }
}

/** A tenant's policies in their order, the default last. */
export async function readPolicies(database: Database, cid: string): Promise<readonly PolicyEntity[]> {
  return (await readPoliciesAndGroups(database, cid)).policies
}

async function readPoliciesAndGroups(
  database: Database,
  cid: string,
): Promise<Pick<PolicyHoldings, 'policies' | 'looseGroups'>> {
  const rows = await listPolicies(database, cid)
  const groups = (await listPolicyGroups(database, cid)).map(toGroup)
  const tenant = await findTenant(database, cid)
  return {
    policies: [
      ...rows.map((row) => toEntity(row, groups)),
      defaultPolicy(cid, rows.length + 1, tenant?.createdAt ?? new Date(0)),
    ],
    looseGroups: groups.filter(({ policyId }) => policyId === null),
  }
}

function toGroup(row: PolicyGroupRecord): PolicyGroupEntity {
  return row
}

function toEntity(row: PolicyRecord, groups: readonly PolicyGroupEntity[]): PolicyEntity {
  return { ...row, isDefault: false, groups: groups.filter(({ policyId }) => policyId === row.id) }
}

/** Name of the built-in policy; no other can have it. */
export const defaultPolicyName = 'Default'

/** The built-in policy: no rules, so that whatever no other decides passes. */
function defaultPolicy(cid: string, precedence: number, at: Date): PolicyEntity {
  return {
    id: defaultPolicyId(cid),
    name: defaultPolicyName,
    description: 'Built in: passes what no other policy decides',
    enabled: true,
    isDefault: true,
    precedence,
    rules: [],
    groups: [],
    createdAt: at,
    updatedAt: at,
  }
}

/** A UUID of the kind that is made from a name, the same at every time: RFC 9562 section 5.8. */
export function defaultPolicyId(cid: string): string {
  const hex = createHash('sha256').update(`lanner default policy ${cid}`).digest('hex')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
