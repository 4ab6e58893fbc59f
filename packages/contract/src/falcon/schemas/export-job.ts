import { Type } from 'typebox'
import { record } from '../../parts.ts'

export const ExportJob = record('ExportJob', {
  created_at: Type.String(),
  id: Type.String(),
  resource: Type.String(),
  retries: Type.Integer(),
  status: Type.Enum([
    'READY',
    'WAITING',
    'IN_PROGRESS',
    'DONE',
    'FAILED',
    'WAITING_FOR_RETRY',
    'CANCELED',
    'RESULT_DELETED',
  ]),
  updated_at: Type.String(),
})

export const ExportRequest = record('ExportRequest', {
  format: Type.Enum(['csv', 'json'], { description: 'file format' }),
  fql: Type.Optional(Type.String({ description: 'restricts the exported documents' })),
  resource: Type.Enum(
    [
      'assets.clusters',
      'assets.containers',
      'assets.deployments',
      'assets.images',
      'assets.namespaces',
      'assets.nodes',
      'assets.pods',
      'images.images-assessment',
      'images.images-assessment-detections-expanded',
      'images.images-assessment-expanded',
      'images.images-assessment-vulnerabilities-expanded',
      'images.images-detections',
      'images.packages',
      'images.vulnerabilities',
      'investigate.container-alerts',
      'investigate.drift-indicators',
      'investigate.kubernetes-ioms',
      'investigate.runtime-detections',
      'investigate.unidentified-containers',
      'policies.exclusions',
    ],
    { description: 'what to export' },
  ),
  sort: Type.Optional(Type.String({ description: 'column and direction; it may be empty' })),
  expand_vulnerabilities: Type.Optional(Type.Boolean({ description: 'one row for each vulnerability' })),
})
