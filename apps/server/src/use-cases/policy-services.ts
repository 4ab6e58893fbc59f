import type { Database } from '../db/database.ts'
import { type Policies, policies } from './policies.ts'
import { type ImageFactsReader, type PolicyChecks, policyChecks } from './policy-checks.ts'
import { type PolicyDocuments, policyDocuments } from './policy-documents.ts'
import { type PolicyExclusions, policyExclusions } from './policy-exclusions.ts'
import { type PolicyGroups, policyGroups } from './policy-groups.ts'
import { policySets } from './policy-set.ts'

/** What may pass. */
export interface PolicyServices {
  readonly policies: Policies
  readonly policyGroups: PolicyGroups
  readonly policyDocuments: PolicyDocuments
  readonly policyExclusions: PolicyExclusions
  readonly policyChecks: PolicyChecks
}

export function policyServices(ports: {
  readonly database: Database
  /** Milliseconds since 1970. */
  readonly clock: () => number
  readonly reader: ImageFactsReader
}): PolicyServices {
  const { database, clock, reader } = ports
  const sets = policySets({ database, clock })
  const changing = { database, clock, sets }
  return {
    policies: policies(changing),
    policyGroups: policyGroups(changing),
    policyDocuments: policyDocuments(changing),
    policyExclusions: policyExclusions(changing),
    policyChecks: policyChecks({ reader, sets, clock }),
  }
}
