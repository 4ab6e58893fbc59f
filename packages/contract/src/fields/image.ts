import { type FieldTable, narrow } from '../field-table.ts'
import { aiRelated, cid, cpsWords, severity } from './severity.ts'

/** An assessed image under one of its references. */
export const imageFields = {
  ai_related: aiRelated,
  ai_vulnerability_count: {
    kind: 'number',
    aliases: ['ai_vulnerabilities'],
    description: 'vulnerabilities in machine learning packages',
  },
  architecture: { kind: 'text', aliases: ['arch'], description: 'platform architecture, such as amd64' },
  base_os: { kind: 'text', description: 'operating system and its version, such as Debian GNU 12' },
  cid,
  container_id: { kind: 'text', description: 'id of a container that runs the image' },
  container_running_status: { kind: 'boolean', description: 'whether a container runs the image now' },
  containers: { kind: 'number', description: 'containers that run the image' },
  cps_rating: {
    kind: 'word',
    words: cpsWords,
    ordered: true,
    aliases: ['highest_cps_current_rating'],
    description: 'CPS rating of a vulnerability of the image; the highest one when sorted by',
  },
  crowdstrike_user: { kind: 'text', description: 'who had the image assessed' },
  cve_id: { kind: 'text', description: 'a vulnerability of the image, such as CVE-2024-45490' },
  detection_count: { kind: 'number', aliases: ['detections'], description: 'detections in the image' },
  detection_name: { kind: 'text', description: 'name of a detection in the image' },
  detection_severity: severity('severity of a detection in the image'),
  first_seen: {
    kind: 'time',
    aliases: ['firstScanned'],
    description: 'when the image was first seen here',
  },
  highest_detection_severity: severity('worst severity of the detections in the image'),
  highest_vulnerability_severity: severity('worst severity of the vulnerabilities of the image'),
  image_digest: { kind: 'text', description: 'digest of the image manifest' },
  image_id: { kind: 'text', description: 'image id: the digest of the image configuration' },
  include_base_image_vuln: {
    kind: 'boolean',
    description: 'false leaves vulnerabilities out that come from a declared base image',
  },
  index_digest: { kind: 'text', description: 'digest of the index that lists the image' },
  last_seen: { kind: 'time', description: 'when the image was last seen here' },
  layer_digest: { kind: 'text', description: 'digest of a layer of the image' },
  layers_with_vulnerabilities: { kind: 'number', description: 'layers that bring a vulnerable package' },
  multi_arch: { kind: 'boolean', description: 'whether the reference is an index of several platforms' },
  package_name_version: { kind: 'text', description: 'a package of the image, as in openssl 3.0.11' },
  packages: { kind: 'number', description: 'packages in the image' },
  registry: { kind: 'text', description: 'registry host, empty for an image that was pushed here' },
  repository: { kind: 'text', description: 'repository name inside the registry' },
  source: { kind: 'text', description: 'how the image came here, such as push' },
  tag: { kind: 'text', description: 'image tag' },
  vulnerability_count: {
    kind: 'number',
    aliases: ['vulnerabilities'],
    description: 'vulnerabilities of the image',
  },
  vulnerability_severity: severity('severity of a vulnerability of the image'),
} as const satisfies FieldTable

const reference = ['image_digest', 'image_id', 'registry', 'repository', 'tag'] as const

const record = [
  ...reference,
  'architecture',
  'base_os',
  'cid',
  'first_seen',
  'index_digest',
  'multi_arch',
  'source',
] as const

const assessment = [
  ...record,
  'ai_related',
  'ai_vulnerability_count',
  'container_id',
  'container_running_status',
  'cps_rating',
  'crowdstrike_user',
  'cve_id',
  'detection_count',
  'detection_name',
  'detection_severity',
  'include_base_image_vuln',
  'layer_digest',
  'package_name_version',
  'vulnerability_count',
  'vulnerability_severity',
] as const

/** GetCombinedImages. */
export const combinedImageFields = narrow(imageFields, {
  filter: [
    ...reference,
    'ai_related',
    'architecture',
    'container_id',
    'container_running_status',
    'cve_id',
    'detection_name',
    'detection_severity',
    'first_seen',
    'index_digest',
    'multi_arch',
    'vulnerability_severity',
  ],
  sort: [
    ...reference,
    'architecture',
    'first_seen',
    'highest_detection_severity',
    'highest_vulnerability_severity',
    'index_digest',
    'multi_arch',
    'source',
  ],
})

/** CombinedImageDetail. The vendor documents no sort column: those that a row shows. */
export const imageDetailFields = narrow(imageFields, { filter: record, sort: record })

/** Images by base operating system and by number of vulnerabilities. */
export const imageRecordFields = narrow(imageFields, { filter: record })

/** AggregateImageCountByState. */
export const imageStateFields = narrow(imageFields, { filter: [...record, 'last_seen'] })

/** AggregateImageCount. */
export const imageCountFields = narrow(imageFields, { filter: assessment })

/** ReadCombinedImagesExport. */
export const imageExportFields = narrow(imageFields, {
  filter: assessment,
  sort: [
    ...record,
    'ai_vulnerability_count',
    'containers',
    'cps_rating',
    'detection_count',
    'highest_detection_severity',
    'highest_vulnerability_severity',
    'last_seen',
    'layers_with_vulnerabilities',
    'packages',
    'vulnerability_count',
  ],
})

/** AggregateImageAssessmentHistory. */
export const assessmentHistoryFields = narrow(imageFields, { filter: ['cid', 'registry', 'repository'] })

/** CombinedBaseImages. */
export const baseImageFields = narrow(imageFields, { filter: reference })
