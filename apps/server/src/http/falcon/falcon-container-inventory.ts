import type { falconContainer, Handlers } from '@lanner/contract'
import { RequestFault } from '../../use-cases/request-fault.ts'
import type { Services } from '../../use-cases/services.ts'

type Own = Pick<
  Handlers<typeof falconContainer, Services>,
  'ReadImageVulnerabilities' | 'HeadImageScanInventory' | 'PostImageScanInventory'
>

const refused = async (): Promise<never> => {
  throw new RequestFault('unavailable', 'not served by this version')
}

export const inventoryHandlers: Own = {
  ReadImageVulnerabilities: refused,
  HeadImageScanInventory: refused,
  PostImageScanInventory: refused,
}
