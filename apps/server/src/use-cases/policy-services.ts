import type { Database } from '../db/database.ts'
import { type ExclusionUse, exclusionUse } from './exclusion-use.ts'
import { type Policies, policies } from './policies.ts'
import { type ImageFactsReader, type PolicyChecks, policyChecks } from './policy-checks.ts'
import { type PolicyDocuments, policyDocuments } from './policy-documents.ts'
import { type PolicyExclusions, policyExclusions } from './policy-exclusions.ts'
import { type PolicyGroups, policyGroups } from './policy-groups.ts'
import { policySets } from './policy-set.ts'
import { type Vex, vex } from './vex.ts'

/** What may pass. */
export interface PolicyServices {
  readonly policies: Policies
  readonly policyGroups: PolicyGroups
  readonly policyDocuments: PolicyDocuments
  readonly policyExclusions: PolicyExclusions
  readonly policyChecks: PolicyChecks
  readonly exclusionUse: ExclusionUse
  readonly vex: Vex
}

export function policyServices(ports: {
  readonly database: Database
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly reader: ImageFactsReader
  /** Of Lanner: what documents name as their tool. */
  readonly version?: string
}): PolicyServices {
  const { database, clock, reader, version = '' } = ports
  const sets = policySets({ database, clock })
  const use = exclusionUse({ database, clock })
  const changing = { database, clock, sets, use }
  const checks = policyChecks({ reader, sets, use, clock })
  return {
    policies: policies(changing),
    policyGroups: policyGroups(changing),
    policyDocuments: policyDocuments(changing),
    policyExclusions: policyExclusions(changing),
    policyChecks: checks,
    exclusionUse: use,
    vex: vex({ ...changing, checks, version }),
  }
}
