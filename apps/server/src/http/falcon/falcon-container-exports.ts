import type { falconContainer, Handlers } from '@lanner/contract'
import { RequestFault } from '../../use-cases/request-fault.ts'
import type { Services } from '../../use-cases/services.ts'

type Own = Pick<
  Handlers<typeof falconContainer, Services>,
  'LaunchExportJob' | 'QueryExportJobs' | 'ReadExportJobs' | 'DownloadExportFile'
>

const refused = async (): Promise<never> => {
  throw new RequestFault('unavailable', 'not served by this version')
}

export const exportHandlers: Own = {
  LaunchExportJob: refused,
  QueryExportJobs: refused,
  ReadExportJobs: refused,
  DownloadExportFile: refused,
}
