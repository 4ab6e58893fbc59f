import { Type } from 'typebox'
import { collection, post } from '../define.ts'
import { Condition } from '../falcon/schemas/policy.ts'
import { nullable, record, resources, time } from '../parts.ts'
import { PolicyDocument } from './policies.ts'
import { policiesRead } from './scopes.ts'

/** How many flips a preview lists, unless said and at most. */
export const previewFlips = { usual: 100, most: 1000 } as const

const PreviewRequest = record('PolicyPreviewRequest', {
  document: PolicyDocument,
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: previewFlips.most,
      description: `flips that are listed, ${previewFlips.usual} where it is absent`,
    }),
  ),
})

const action = () =>
  nullable(
    Type.Enum(['block', 'alert', 'allow']),
    'null where no policy says anything: of an image that is not assessed',
  )

const Outcome = record('PreviewedOutcome', {
  action: action(),
  policy: nullable(Type.String({ description: 'name of the policy that decides' })),
})

const PreviewedImage = record('PreviewedImage', {
  registry: Type.String({ description: 'empty for an image that was pushed here' }),
  repository: Type.String(),
  tag: Type.String(),
  image_digest: Type.String(),
  architecture: Type.String({ description: 'empty where it is not known' }),
})

const UnmatchedExclusion = record('UnmatchedExclusion', {
  id: nullable(Type.String({ description: 'null of one that only the document has' })),
  prop: Type.String(),
  op: Type.String(),
  value: Type.Array(Type.String()),
  and: Type.Array(Condition),
  scope: nullable(Type.Record(Type.String(), Type.Unknown())),
  description: Type.String(),
  author: Type.String(),
  expires_at: nullable(time()),
})

const Preview = record('PolicyPreviewResult', {
  revision: Type.Integer({ description: 'of the policies that the document was held against' }),
  images: Type.Integer({
    description: 'images of the account under their present names, each platform of an index by itself',
  }),
  undecided: Type.Integer({
    description: 'of these: not assessed, and no policy says anything of them before or after',
  }),
  denied: Type.Object({ before: Type.Integer(), after: Type.Integer() }),
  flipped: Type.Integer({ description: 'images whose action would be another' }),
  by_policy: Type.Array(
    record('PolicyPreviewCount', {
      policy: nullable(Type.String({ description: 'name of the policy that would decide then' })),
      from: action(),
      to: action(),
      images: Type.Integer(),
    }),
    { description: 'the most images first' },
  ),
  flips: Type.Array(record('PolicyFlip', { image: PreviewedImage, before: Outcome, after: Outcome }), {
    description: 'those that would be denied first, then by name; no more than were asked for',
  }),
  exclusions_unmatched: Type.Array(UnmatchedExclusion, {
    description: 'exclusions, as they would be, that cover nothing of any image',
  }),
  took_ms: Type.Integer(),
})

/** What a change of policies would do before it is made. */
export const policyPreview = collection('lanner', 'Policy Preview', {
  PreviewPolicies: post('/lanner/v1/policies/preview', {
    tier: 'own',
    scope: policiesRead,
    summary: 'Which images would pass or be denied otherwise if a document of policies were applied.',
    description:
      'Judges every image of the account twice, by the policies as they are and as the document would make them, from what was read of them before. Nothing is changed. A section that is absent stays as it is; an empty document tells the exclusions that cover nothing.',
    body: PreviewRequest,
    reply: resources(Preview),
    failures: {
      400: 'the document is not understood; the message names the place and what is known',
      429: 'other previews are under way',
      503: 'the preview took too long, or the server is going down',
    },
  }),
})
