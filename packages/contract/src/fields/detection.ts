import { type FieldTable, narrow } from '../field-table.ts'
import { cid, severity } from './severity.ts'

/** Something other than a vulnerability that was found in an image: a secret, malware, a misconfiguration. */
export const detectionFields = {
  cid,
  containers_impacted: { kind: 'number', description: 'running containers whose image has it' },
  detection_name: { kind: 'text', description: 'name of the detection' },
  detection_type: {
    kind: 'word',
    words: ['Malware', 'Secret', 'Misconfiguration', 'CIS'],
    description: 'kind of detection',
  },
  image_digest: { kind: 'text', description: 'digest of an image that has it' },
  image_registry: { kind: 'text', description: 'registry of an image that has it' },
  image_repository: { kind: 'text', description: 'repository of an image that has it' },
  image_tag: { kind: 'text', description: 'tag of an image that has it' },
  images_impacted: { kind: 'number', description: 'images that have it' },
  last_detected: { kind: 'time', description: 'when it was last found' },
  severity: { ...severity('severity of the detection'), aliases: ['detection_severity'] },
} as const satisfies FieldTable

const asked = [
  'cid',
  'detection_type',
  'image_digest',
  'image_registry',
  'image_repository',
  'image_tag',
  'severity',
] as const

/** Detections, their ids and their counts. */
export const detectionQueryFields = narrow(detectionFields, { filter: asked })

/** ReadCombinedDetections: one row for each kind of detection. */
export const detectionKindFields = narrow(detectionFields, {
  filter: asked,
  sort: [
    'containers_impacted',
    'detection_name',
    'detection_type',
    'images_impacted',
    'last_detected',
    'severity',
  ],
})
