import { Type } from 'typebox'
import { get, post } from '../define.ts'
import { exportJobFields } from '../fields/export-job.ts'
import { file, fql, list, resources, text } from '../parts.ts'
import { ExportJob, ExportRequest } from './schemas/export-job.ts'
import { imageRead } from './scopes.ts'

/** Files with all records of a kind, made in the background. */
export const exportOperations = {
  LaunchExportJob: post('/container-security/entities/exports/v1', {
    tier: 'newer',
    scope: imageRead,
    summary: 'Starts an asynchronous export of one resource kind.',
    body: ExportRequest,
    reply: resources(Type.String()),
    failures: {
      400: 'the kind is not exported here, or its filter or order is none; the message names it',
      409: 'an export of the kind is under way',
    },
    quirks: [
      'sort may be missing.',
      'It asks for a read scope although it is a POST.',
      'One export of a resource runs at a time.',
    ],
  }),

  QueryExportJobs: get('/container-security/queries/exports/v1', {
    tier: 'newer',
    scope: imageRead,
    summary: 'Lists the ids of recent export jobs.',
    query: { filter: fql(exportJobFields) },
    reply: resources(Type.String()),
    quirks: ['Only the latest 100 exports are searched.'],
  }),

  ReadExportJobs: get('/container-security/entities/exports/v1', {
    tier: 'newer',
    scope: imageRead,
    summary: 'Returns the state of export jobs.',
    query: { ids: list('export job ids', { required: true, maximumItems: 100 }) },
    reply: resources(ExportJob),
  }),

  DownloadExportFile: get('/container-security/entities/exports/files/v1', {
    tier: 'newer',
    scope: imageRead,
    summary: 'Delivers the file that a finished export job produced.',
    query: { id: text('export job id', { required: true }) },
    reply: file('application/json', 'application/octet-stream'),
    failures: { 404: 'no such export, or it has no file (yet, or any more)' },
    quirks: ['The body is the file itself; CSV goes out as application/octet-stream.'],
  }),
} as const
