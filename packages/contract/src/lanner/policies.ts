import { Type } from 'typebox'
import { collection, get, put } from '../define.ts'
import { Condition } from '../falcon/schemas/policy.ts'
import { paging, partial, record, resources, time } from '../parts.ts'
import { policiesRead, policiesWrite } from './scopes.ts'

const conditions = Type.Optional(Type.Array(Condition))

const DocumentRule = record('DocumentRule', {
  action: Type.String({ description: 'block, alert or allow; prevent is read as block' }),
  conditions,
})

const DocumentGroup = record('DocumentGroup', {
  name: Type.String({ description: 'no other group of any policy has it' }),
  description: Type.Optional(Type.String()),
  conditions,
})

const DocumentPolicy = record('DocumentPolicy', {
  name: Type.String(),
  description: Type.Optional(Type.String()),
  enabled: Type.Optional(Type.Boolean({ description: 'true where it is absent' })),
  rules: Type.Optional(Type.Array(DocumentRule)),
  groups: Type.Optional(Type.Array(DocumentGroup, { description: 'none: it is for every image' })),
})

const OneOrMore = Type.Union([Type.String(), Type.Array(Type.String())])

const DocumentExclusion = record('DocumentExclusion', {
  prop: Type.String(),
  op: Type.Optional(Type.String()),
  value: Type.Unknown({ description: 'text, a number, true, false, or a list of them' }),
  and: Type.Optional(Type.Array(Condition, { description: 'further conditions that must hold as well' })),
  scope: Type.Optional(
    partial('DocumentScope', {
      registry: OneOrMore,
      repository: OneOrMore,
      tag: OneOrMore,
      digest: OneOrMore,
      layer: OneOrMore,
    }),
  ),
  description: Type.Optional(Type.String()),
  ttl: Type.Optional(
    Type.Number({ description: 'seconds from when it was written or changed; absent or 0: no end' }),
  ),
  expires: Type.Optional(
    Type.String({ description: 'in place of ttl: RFC 3339, or a day, which is its first instant in UTC' }),
  ),
})

/** What people keep in a file: names say what is what. A section that is absent stays as it is. */
export const PolicyDocument = partial(
  'PolicyDocument',
  {
    version: Type.Integer({ description: '1, also where it is absent' }),
    policies: Type.Array(DocumentPolicy, { description: 'highest precedence first, without the default' }),
    groups: Type.Array(DocumentGroup, { description: 'groups without a policy' }),
    exclusions: Type.Array(DocumentExclusion),
  },
  'policies, groups and exclusions without ids; a section that is absent stays as it is, one that is there is all there is to be',
)

const PolicyDocumentAt = record('PolicyDocumentAt', {
  revision: Type.Integer({ description: 'raised by every change of policies, groups, order and exclusions' }),
  document: PolicyDocument,
})

const PolicyDifference = record('PolicyDifference', {
  action: Type.Enum(['create', 'update', 'delete']),
  kind: Type.Enum(['policy', 'order', 'group', 'exclusion']),
  name: Type.String({ description: 'of the policy or group; of an exclusion what it takes away' }),
  before: Type.Unknown({ description: 'as it was; null where it is new' }),
  after: Type.Unknown({ description: 'as it is to be; null where it goes' }),
})

const PolicyDocumentResult = record('PolicyDocumentResult', {
  revision: Type.Integer({ description: 'after the changes; the same as before where nothing was changed' }),
  changes: Type.Array(PolicyDifference),
})

const PolicyDocumentRequest = record('PolicyDocumentRequest', {
  document: PolicyDocument,
  dry_run: Type.Optional(Type.Boolean({ description: 'tells the changes and makes none' })),
  if_revision: Type.Optional(
    Type.Integer({ description: 'refused where the policies are at another revision' }),
  ),
})

const PolicyChangeRecord = record('PolicyChangeRecord', {
  id: Type.String(),
  at: time(),
  actor: Type.String({ description: 'client id or user name' }),
  action: Type.String({
    description:
      'policy_create, policy_update, policy_delete, group_create, group_update, group_delete, exclusions_update, precedence_update or vex_import',
  }),
  subject: Type.String({
    description: 'id of the policy, group or VEX document, or exclusions, or precedence',
  }),
  before: Type.Unknown({ description: 'as it was; null where it is new' }),
  after: Type.Unknown({ description: 'as it is; null where it is gone' }),
})

/** Policies as one document, and who changed them. */
export const policies = collection('lanner', 'Policies', {
  ReadPolicyDocument: get('/lanner/v1/policies/document', {
    tier: 'own',
    scope: policiesRead,
    summary: 'All policies, groups and exclusions as one document.',
    description:
      'Applied as it is, it changes nothing. Exclusions that a VEX document made are not in it and are left alone.',
    reply: resources(PolicyDocumentAt),
  }),

  ApplyPolicyDocument: put('/lanner/v1/policies/document', {
    tier: 'own',
    scope: policiesWrite,
    summary: 'Makes policies, groups and exclusions what a document says, all or nothing.',
    description:
      'Policies and groups are known by their names, exclusions by what they take away; what is unchanged keeps its id, author and times. What a section does not list is deleted.',
    body: PolicyDocumentRequest,
    reply: resources(PolicyDocumentResult),
    failures: {
      400: 'the document is not understood; the message names the place and what is known',
      409: 'the policies are at another revision',
    },
  }),

  GetPolicyChanges: get('/lanner/v1/policies/changes', {
    tier: 'own',
    scope: policiesRead,
    summary: 'Who changed policies, groups, order and exclusions, newest first, with before and after.',
    query: paging({ limit: 100, default: 20 }),
    reply: resources(PolicyChangeRecord),
  }),
})
