import type { AssessmentTables } from './tables/assessment.ts'
import type { ContainerTables } from './tables/container.ts'
import type { ExportTables } from './tables/export.ts'
import type { IdentityTables } from './tables/identity.ts'
import type { InstallationTables } from './tables/installation.ts'
import type { JobTables } from './tables/job.ts'
import type { PolicyTables } from './tables/policy.ts'
import type { RegistryConnectionTables } from './tables/registry-connection.ts'
import type { RegistryContentTables } from './tables/registry-content.ts'

/**
 * The tables as Kysely sees them. Each noun has a file in `tables/` with its rows; this puts them together.
 * What belongs to a customer has a `cid`, and every statement on it takes one.
 */
export interface Tables
  extends IdentityTables,
    AssessmentTables,
    ContainerTables,
    ExportTables,
    InstallationTables,
    RegistryConnectionTables,
    RegistryContentTables,
    JobTables,
    PolicyTables {}
