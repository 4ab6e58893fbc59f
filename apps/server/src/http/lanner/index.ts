import {
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
  status,
  users,
  verdicts,
  vex,
} from '@lanner/contract/lanner'
import type { Services } from '../../use-cases/services.ts'
import { type Room, room } from '../dialect.ts'
import { advisoryHandlers } from './advisories.ts'
import { auditHandlers } from './audit.ts'
import { clientHandlers } from './clients.ts'
import { containerHandlers } from './containers.ts'
import { eventHandlers } from './events.ts'
import { exclusionHandlers } from './exclusions.ts'
import { imageHandlers } from './images.ts'
import { jobHandlers } from './jobs.ts'
import { policyHandlers } from './policies.ts'
import { policyPreviewHandlers } from './policy-preview.ts'
import { statusHandlers } from './status.ts'
import { userHandlers } from './users.ts'
import { verdictHandlers } from './verdicts.ts'
import { vexHandlers } from './vex.ts'

/** Every collection of our own dialect with its handlers. */
export const lannerRooms: readonly Room<Services>[] = [
  room<typeof clients, Services>(clients, clientHandlers),
  room<typeof users, Services>(users, userHandlers),
  room<typeof audit, Services>(audit, auditHandlers),
  room(jobs, jobHandlers),
  room(containers, containerHandlers),
  room(advisories, advisoryHandlers),
  room(events, eventHandlers),
  room(images, imageHandlers),
  room(verdicts, verdictHandlers),
  room(policies, policyHandlers),
  room(policyPreview, policyPreviewHandlers),
  room(exclusions, exclusionHandlers),
  room(vex, vexHandlers),
  room(status, statusHandlers),
]
