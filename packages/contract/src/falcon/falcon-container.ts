import { collection } from '../define.ts'
import { exportOperations } from './falcon-container-exports.ts'
import { inventoryOperations } from './falcon-container-inventory.ts'
import { registryOperations } from './falcon-container-registries.ts'
import { reportOperations } from './falcon-container-reports.ts'

/** Scan reports, policy checks, registries, exports, and inventories that were collected elsewhere. */
export const falconContainer = collection('falcon', 'Falcon Container', {
  ...reportOperations,
  ...registryOperations,
  ...inventoryOperations,
  ...exportOperations,
})
