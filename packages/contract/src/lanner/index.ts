import type { Collection } from '../define.ts'
import { advisories } from './advisories.ts'
import { audit } from './audit.ts'
import { clients } from './clients.ts'
import { containers } from './containers.ts'
import { events } from './events.ts'
import { exclusions } from './exclusions.ts'
import { images } from './images.ts'
import { jobs } from './jobs.ts'
import { policies } from './policies.ts'
import { policyPreview, previewFlips } from './policy-preview.ts'
import { status } from './status.ts'
import { users } from './users.ts'
import { verdictLists, verdicts } from './verdicts.ts'
import { vex } from './vex.ts'

/** Every collection of our own dialect. */
export const lanner: readonly Collection[] = [
  status,
  images,
  verdicts,
  policies,
  policyPreview,
  exclusions,
  vex,
  events,
  containers,
  advisories,
  jobs,
  clients,
  users,
  audit,
]

export {
  advisories,
  audit,
  clients,
  containers,
  events,
  exclusions,
  images,
  jobs,
  policies,
  policyPreview,
  previewFlips,
  status,
  users,
  verdictLists,
  verdicts,
  vex,
}
