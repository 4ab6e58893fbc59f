import type { falconContainer, Handlers } from '@lanner/contract'
import { documentOf } from '@lanner/documents'
import { jsonInTurns } from '../../use-cases/json-in-turns.ts'
import type { ImageReport } from '../../use-cases/reports.ts'
import type { Services } from '../../use-cases/services.ts'
import { written } from '../written-json.ts'
import { toScanReport } from './scan-report.ts'

type Own = Pick<
  Handlers<typeof falconContainer, Services>,
  'GetImageAssessmentReport' | 'GetReportByReference' | 'GetReportByScanID' | 'DeleteImageDetails'
>

/** Reports of single images. */
export const reportHandlers: Own = {
  async GetImageAssessmentReport({ query, caller }, { reports }) {
    const { repository, tag, digest, image_id } = query
    const bytes = await reports.written(
      caller,
      named({ repository, tag, digest, imageId: image_id }),
      async (found) => jsonInTurns(await toScanReport(caller.cid, caller.actor, found)),
    )
    return { value: written(bytes) }
  },

  async GetReportByReference({ query, caller }, { reports, version }) {
    const { registry, repository, tag, digest, image_id, architecture, report_format } = query
    const found = await reports.of(
      caller.cid,
      named({ registry, repository, tag, digest, imageId: image_id, architecture }),
    )
    return { resources: await writtenReport(report_format, caller, found, version) }
  },

  async GetReportByScanID({ path, query, caller }, { reports, version }) {
    const found = await reports.ofScan(caller.cid, path['uuid'] ?? '')
    return { resources: await writtenReport(query.report_format, caller, found, version) }
  },

  async DeleteImageDetails({ path, caller }, { reports }) {
    const affected = await reports.forget(caller.cid, path['image_id'] ?? '')
    return { affected }
  },
}

/** Parameters that were given and not left empty. */
function named<T extends Record<string, string | undefined>>(parameters: T): { [K in keyof T]?: string } {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '')
  return Object.fromEntries(given) as { [K in keyof T]?: string }
}

/** A report as the one resource of an answer. */
async function writtenReport<Resources>(
  format: string,
  caller: { readonly cid: string; readonly actor: string },
  found: ImageReport,
  version: string,
): Promise<Resources> {
  if (format === 'json')
    return written(await jsonInTurns([await toScanReport(caller.cid, caller.actor, found)]))
  const { reference } = found.report
  const set = { reference, tool: { name: 'lanner' as const, version }, reports: [found.report], others: [] }
  return written(await jsonInTurns([documentOf(format === 'sarif' ? 'sarif' : 'cyclonedx', set)]))
}
