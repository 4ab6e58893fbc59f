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
    failures: {
      400: 'there is nothing to look up, or nothing of it can be judged; the message says why',
      413: 'more than 20,000 packages',
      503: 'there are no advisories yet',
    },
    quirks: [
      'What was not judged is told: with status 200, an error of code 422 for each kind of thing that was left out.',
      'Either of two scopes is enough.',
      'The type of application packages is a word or a number; a number is read by the file that a library was found in.',
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
    quirks: [
      'The answer has headers only: X-Lanner-Max-Inventory-Bytes, X-Lanner-Max-Packages, X-Lanner-Version, and X-Lanner-Advisories with the revision of the advisories where there are any.',
    ],
  }),

  PostImageScanInventory: post('/image-assessment/entities/image-inventory/v1', {
    tier: 'newer',
    scope: cliWrite,
    summary: 'Accepts the inventory that a local scanner collected, for matching on the server.',
    snakeName: 'scan_inventory',
    body: InventoryScan,
    reply: resources(ScanAcceptance),
    failures: {
      400: 'the image has no name, or a digest is none; the message names the member',
      413: 'more than 20,000 packages or 1,000 layers',
    },
    quirks: [
      'Where the digest is missing it is derived: from the image id, else from the inventory; the same inventory is the same image.',
      'What was read of pushed images goes before what is told of them, and no tag is taken from them.',
    ],
  }),
} as const
