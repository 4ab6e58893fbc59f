import { head, post } from '../define.ts'
import { empty, resources } from '../parts.ts'
import { LookupRequest } from './schemas/inventory.ts'
import { InventoryScan, ScanAcceptance } from './schemas/scan-inventory.ts'
import { VulnerabilityWrapper } from './schemas/vulnerability-record.ts'
import { cliRead, cliWrite, imageRead } from './scopes.ts'

/** Inventories that were collected elsewhere. */
export const inventoryOperations = {
  ReadImageVulnerabilities: post('/image-assessment/combined/vulnerability-lookups/v1', {
    tier: 'seed',
    scope: [...cliWrite, ...imageRead],
    summary:
      'Matches a caller-supplied package inventory (OS packages and application libraries) against the vulnerability data, without an image upload.',
    body: LookupRequest,
    reply: resources(VulnerabilityWrapper),
    quirks: [
      'Either of two scopes is enough.',
      'The type of application packages is a word or a number.',
      'resources holds the wrapped vulnerabilities of the scan report.',
    ],
  }),

  HeadImageScanInventory: head('/image-assessment/entities/image-inventory/v1', {
    tier: 'newer',
    scope: cliRead,
    summary:
      'Tells a scanning CLI, by response headers alone, what it needs to know before it posts an inventory.',
    snakeName: 'get_scan_headers',
    reply: empty(),
    quirks: ['The answer has headers only.'],
  }),

  PostImageScanInventory: post('/image-assessment/entities/image-inventory/v1', {
    tier: 'newer',
    scope: cliWrite,
    summary: 'Accepts the inventory that a local scanner collected, for matching on the server.',
    snakeName: 'scan_inventory',
    body: InventoryScan,
    reply: resources(ScanAcceptance),
  }),
} as const
