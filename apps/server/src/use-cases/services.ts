import type { Advisories } from './advisories.ts'
import type { AdvisoryChanges } from './assessment/advisory-changes.ts'
import type { ChangeEvents } from './change-events.ts'
import type { ContainerServices } from './container-services.ts'
import type { Exports } from './exports.ts'
import type { Housekeeping } from './housekeeping.ts'
import type { IdentityServices } from './identity.ts'
import type { ImageStates } from './image-states.ts'
import type { Images } from './images.ts'
import type { InstallationTokens } from './installation-tokens.ts'
import type { Jobs } from './jobs.ts'
import type { PolicyPreviews } from './policy-preview.ts'
import type { PolicyServices } from './policy-services.ts'
import type { PushedImages } from './pushed-images.ts'
import type { Registries } from './registries.ts'
import type { RegistryAccess } from './registry-access.ts'
import type { Reports } from './reports.ts'
import type { ScanInventories } from './scan-inventories.ts'
import type { Status } from './status.ts'
import type { VulnerabilityLookups } from './vulnerability-lookups.ts'

/** Everything that a dialect can ask for: one member a noun, each made in its own file of this folder. */
export interface Services extends IdentityServices, PolicyServices, ContainerServices {
  readonly advisories: Advisories
  readonly advisoryChanges: AdvisoryChanges
  readonly images: Images
  readonly changeEvents: ChangeEvents
  readonly exports: Exports
  readonly housekeeping: Housekeeping
  readonly imageStates: ImageStates
  readonly installationTokens: InstallationTokens
  readonly jobs: Jobs
  readonly policyPreviews: PolicyPreviews
  readonly pushedImages: PushedImages
  readonly registries: Registries
  readonly registryAccess: RegistryAccess
  readonly reports: Reports
  readonly scanInventories: ScanInventories
  readonly status: Status
  readonly vulnerabilityLookups: VulnerabilityLookups
  /** Of Lanner. */
  readonly version: string
}
