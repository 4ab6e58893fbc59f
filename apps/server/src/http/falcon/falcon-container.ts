import type { falconContainer, Handlers } from '@lanner/contract'
import type { Services } from '../../use-cases/services.ts'
import { exportHandlers } from './falcon-container-exports.ts'
import { inventoryHandlers } from './falcon-container-inventory.ts'
import { policyCheckHandlers } from './falcon-container-policy-checks.ts'
import { registryHandlers } from './falcon-container-registries.ts'
import { reportHandlers } from './falcon-container-reports.ts'

/** Reports, policy checks, registries, inventories that were collected elsewhere, and exports. */
export const falconContainerHandlers: Handlers<typeof falconContainer, Services> = {
  ...reportHandlers,
  ...policyCheckHandlers,
  ...registryHandlers,
  ...inventoryHandlers,
  ...exportHandlers,
}
