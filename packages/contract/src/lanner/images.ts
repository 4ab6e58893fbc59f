import { Type } from 'typebox'
import { collection, get } from '../define.ts'
import { integer, nullable, record, resources, text, time } from '../parts.ts'
import { imagesRead } from './scopes.ts'

const Reference = record('AssessedReference', {
  registry: Type.String({ description: 'empty for an image that was pushed here' }),
  repository: Type.String(),
  tag: Type.String(),
})

const ImageState = record('ImageState', {
  image_digest: Type.String(),
  image_id: Type.String(),
  architecture: Type.String(),
  references: Type.Array(Reference),
  state: Type.Enum(['pending', 'assessed', 'partially', 'not_assessable']),
  reasons: Type.Array(Type.String(), { description: 'why it is not wholly assessed; empty when it is' }),
  job_id: Type.Optional(Type.String({ description: 'of the assessment that waits or runs' })),
  assessed_at: nullable(time()),
  advisories: nullable(Type.String({ description: 'revision of the advisories that the findings rest on' })),
})

const Evidence = record('Evidence', {
  advisory: Type.String({ description: 'id of the record, such as DSA-5773-1' }),
  feed: Type.String({ description: 'where the record comes from: osv, debian-tracker, redhat-vex' }),
  ecosystem: Type.String(),
  name: Type.String({ description: 'name that matched' }),
  matched_by: Type.Enum(['name', 'source']),
  version: Type.String({ description: 'version that was compared' }),
  verdict: Type.Enum(['affected', 'fixed', 'unaffected', 'unknown']),
  scheme: Type.Optional(Type.String({ description: 'version scheme that ordered it' })),
  range: Type.Optional(Type.String({ description: 'range that decided, as written' })),
  fixed_versions: Type.Array(Type.String()),
  fix_state: Type.String(),
  fix_reason: Type.Optional(Type.String()),
  note: Type.Optional(Type.String()),
})

const Explanation = record('Explanation', {
  vulnerability: Type.String(),
  aliases: Type.Array(Type.String()),
  severity: Type.String(),
  rated_by: Type.String({ description: 'whose rating it is' }),
  verdict: Type.Enum(['affected', 'fixed', 'unaffected', 'unknown']),
  package: Type.String({ description: 'package URL' }),
  package_name_version: Type.String(),
  locations: Type.Array(
    Type.Object({
      path: Type.String(),
      layer_digest: Type.String(),
      layer_index: Type.Integer(),
      layer_command: Type.String(),
    }),
    { description: 'where in the image the package was read' },
  ),
  fixed_versions: Type.Array(Type.String()),
  evidence: Type.Array(Evidence, { description: 'every advisory that had a word on the package' }),
  summary: Type.String({ description: 'the same in a sentence or two' }),
})

const path = { digest: 'digest of the image manifest, such as sha256:…' }

/** What the vendor has no words for about one image. */
export const images = collection('lanner', 'Images', {
  GetImageState: get('/lanner/v1/images/{digest}', {
    tier: 'own',
    scope: imagesRead,
    summary: 'How far the assessment of an image is, and why it is no further.',
    path,
    reply: resources(ImageState),
    failures: { 404: 'no such image in this account' },
  }),

  ExplainFindings: get('/lanner/v1/images/{digest}/why', {
    tier: 'own',
    scope: imagesRead,
    summary: 'Why an image has a vulnerability: packages, where they lie, and the advisories that decided.',
    path,
    query: {
      vulnerability: text('CVE name, or the id of an advisory', { required: true }),
      package: text('only findings of the package of this name'),
      limit: integer('largest number of findings to return', { minimum: 1, maximum: 1000, default: 100 }),
    },
    reply: resources(Explanation),
    failures: {
      404: 'no such image in this account, it is not assessed (the message says why), or it does not have the vulnerability',
    },
  }),
})
