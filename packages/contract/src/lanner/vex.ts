import { Type } from 'typebox'
import { collection, get, post } from '../define.ts'
import { boolean, nullable, record, resources, text } from '../parts.ts'
import { policiesRead, policiesWrite } from './scopes.ts'

const reasons = [
  'spares_nothing',
  'incomplete',
  'no_product',
  'unsupported_product',
  'no_such_vulnerability',
  'no_such_image',
  'no_such_package',
  'older',
] as const

const VexRefusal = record('VexRefusal', {
  product: nullable(Type.String({ description: 'as the document calls it' }), 'null: the whole statement'),
  reason: Type.Enum([...reasons]),
  message: Type.String(),
})

const VexStatementReport = record('VexStatementReport', {
  statement: Type.Integer({ description: 'place in the document, from 0' }),
  vulnerability: Type.String(),
  status: nullable(Type.Enum(['not_affected', 'affected', 'fixed', 'under_investigation'])),
  taken: Type.Integer({ description: 'products, or parts of them, that are spared now' }),
  exclusions: Type.Array(Type.String(), { description: 'ids of the exclusions that it was made into' }),
  not_taken: Type.Integer({ description: 'products that were not taken' }),
  refusals: Type.Array(VexRefusal, { description: 'why; the first ten of a statement' }),
})

const VexImportReport = record('VexImportReport', {
  document_id: Type.String(),
  format: Type.Enum(['openvex', 'cyclonedx', 'csaf']),
  version: Type.String(),
  author: Type.String(),
  name: nullable(Type.String({ description: 'as the caller called the document' })),
  dry_run: Type.Boolean(),
  statements: Type.Array(VexStatementReport),
  statements_taken: Type.Integer({ description: 'statements of which something is spared now' }),
  exclusions_created: Type.Array(Type.String(), { description: 'ids' }),
  exclusions_withdrawn: Type.Array(Type.String(), {
    description: 'ids of exclusions that were taken back, or lost a product',
  }),
})

const VexImportRequest = record('VexImportRequest', {
  document: Type.Record(Type.String(), Type.Unknown(), {
    description: 'OpenVEX 0.2.0, CycloneDX 1.4 to 1.7 with analyses, or CSAF 2.0 of the VEX profile, as JSON',
  }),
  name: Type.Optional(Type.String({ maxLength: 1024, description: 'such as the name of its file' })),
  dry_run: Type.Optional(Type.Boolean({ description: 'tells what would be taken and changes nothing' })),
  keep_unmatched: Type.Optional(
    Type.Boolean({ description: 'takes what matches nothing now, too: for images to come' }),
  ),
})

const VexExportReport = record('VexExportReport', {
  document: Type.Record(Type.String(), Type.Unknown(), { description: 'OpenVEX 0.2.0' }),
  statements: Type.Integer(),
  left_out: Type.Array(
    Type.Object({ reason: Type.String(), message: Type.String(), exclusions: Type.Integer() }),
    { description: 'exclusions that VEX has no words for' },
  ),
})

/** Statements on vulnerabilities: those of others become exclusions, one's own exclusions become statements. */
export const vex = collection('lanner', 'VEX', {
  ImportVex: post('/lanner/v1/vex', {
    tier: 'own',
    scope: policiesWrite,
    summary: 'Makes exclusions of what a VEX document says to be not affected or fixed.',
    description:
      'A newer version of a document, known by its id, is taken in the place of the one before. A later statement that says affected or under_investigation takes the exclusion back, whichever document it is in.',
    body: VexImportRequest,
    reply: resources(VexImportReport),
    failures: {
      400: 'the document is no VEX that is read; the message says why',
      413: 'the document says more than is read, or would make more exclusions than are kept',
    },
  }),

  ExportVex: get('/lanner/v1/vex', {
    tier: 'own',
    scope: policiesRead,
    summary: 'What exclusions say, as OpenVEX: all of them, or those that spared something in one image.',
    query: {
      repository: text('of one image, without the registry; absent: all exclusions'),
      tag: text('of the image'),
      digest: text('of its manifest or index, in place of the tag'),
      registry: text('host of its registry; absent: any'),
      pushed: boolean('true: only an image that was pushed to the platform itself'),
      architecture: text('one platform of an index'),
    },
    reply: resources(VexExportReport),
    failures: { 404: 'no such image in this account, or it is not assessed' },
  }),
})
