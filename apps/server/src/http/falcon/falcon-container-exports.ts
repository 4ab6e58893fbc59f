import type { falconContainer, Handlers } from '@lanner/contract'
import type { Services } from '../../use-cases/services.ts'
import { instant } from './words.ts'

type Own = Pick<
  Handlers<typeof falconContainer, Services>,
  'LaunchExportJob' | 'QueryExportJobs' | 'ReadExportJobs' | 'DownloadExportFile'
>

/** Files with all records of a kind. */
export const exportHandlers: Own = {
  async LaunchExportJob({ body, caller }, { exports }) {
    const { resource, format, fql = '', sort = '', expand_vulnerabilities = false } = body
    const wish = { resource, format, filter: fql, sort, expandVulnerabilities: expand_vulnerabilities }
    return { resources: [await exports.launch(caller.cid, caller.actor, wish)] }
  },

  async QueryExportJobs({ query, caller }, { exports }) {
    return { resources: [...(await exports.ids(caller.cid, query.filter))] }
  },

  async ReadExportJobs({ query, caller }, { exports }) {
    const found = await exports.read(caller.cid, query.ids)
    return {
      resources: found.map(({ id, resource, retries, status, createdAt, updatedAt }) => ({
        created_at: instant(createdAt),
        id,
        resource,
        retries,
        status,
        updated_at: instant(updatedAt),
      })),
    }
  },

  async DownloadExportFile({ query, caller }, { exports }) {
    const { name, format, bytes, content } = await exports.file(caller.cid, query.id)
    return {
      file: content,
      contentType: format === 'json' ? 'application/json' : 'application/octet-stream',
      name,
      headers: { 'Content-Length': String(bytes) },
    }
  },
}
