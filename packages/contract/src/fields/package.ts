import { type FieldTable, narrow } from '../field-table.ts'
import { aiRelated, cid, severity } from './severity.ts'

/** A package of one version, in whichever images of the customer it is. */
export const packageFields = {
  ai_related: aiRelated,
  cid,
  container_id: { kind: 'text', description: 'id of a container whose image has the package' },
  cveid: { kind: 'text', description: 'a vulnerability of the package' },
  fix_status: {
    kind: 'word',
    words: ['Fixed', 'Not Fixed'],
    description: 'whether a fixed version of the package is out for one of its vulnerabilities',
  },
  image_digest: { kind: 'text', description: 'digest of an image that has the package' },
  license: { kind: 'text', description: 'license as the package states it' },
  package_name_version: { kind: 'text', description: 'name and version, as in openssl 3.0.11' },
  running_images: { kind: 'number', description: 'images with the package that a container runs' },
  severity: severity('severity of a vulnerability of the package'),
  type: { kind: 'text', description: 'kind of package, such as OS or NODE' },
  vulnerability_count: { kind: 'number', description: 'vulnerabilities of the package' },
} as const satisfies FieldTable

const asked = [
  'ai_related',
  'cid',
  'container_id',
  'cveid',
  'fix_status',
  'image_digest',
  'license',
  'package_name_version',
  'severity',
  'type',
  'vulnerability_count',
] as const

/** The package lists and their export. */
export const packageRowFields = narrow(packageFields, {
  filter: asked,
  sort: ['license', 'package_name_version', 'type', 'vulnerability_count'],
})

/** Packages by number of vulnerabilities. */
export const packageCountFields = narrow(packageFields, { filter: asked })

/** ReadPackagesByImageCount. */
export const packageImageCountFields = narrow(packageFields, {
  filter: ['ai_related', 'cveid', 'running_images', 'severity', 'type', 'vulnerability_count'],
})

/** ReadPackagesCountByZeroDay. */
export const zeroDayPackageFields = narrow(packageFields, { filter: ['cid'] })
