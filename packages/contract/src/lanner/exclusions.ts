import { Type } from 'typebox'
import { collection, get } from '../define.ts'
import { Condition } from '../falcon/schemas/policy.ts'
import { ExclusionScope } from '../falcon/schemas/policy-exclusion.ts'
import { integer, nullable, paging, record, resources, text, time } from '../parts.ts'
import { policiesRead } from './scopes.ts'

const VexOrigin = record('VexOrigin', {
  document: Type.String({ description: 'id of the document' }),
  version: Type.String(),
  author: Type.String(),
  vulnerability: Type.String(),
  status: Type.Enum(['not_affected', 'fixed']),
  justification: nullable(Type.String()),
  stated_at: time(),
})

const Exclusion = record('Exclusion', {
  id: Type.String(),
  prop: Type.String(),
  op: Type.String(),
  value: Type.Array(Type.String()),
  and: Type.Array(Condition, { description: 'further conditions that hold as well' }),
  scope: nullable(ExclusionScope),
  description: Type.String({ description: 'why' }),
  author: Type.String({ description: 'client id or user name that wrote it last' }),
  created_at: time(),
  updated_at: time(),
  expires_at: nullable(time('null: no end')),
  state: Type.Enum(['active', 'expiring', 'expired']),
  first_matched_at: nullable(time('when it first covered something in a verdict that was asked for')),
  last_matched_at: nullable(time('the same for the last time, to the minute')),
  vex: nullable(VexOrigin, 'the statement that it was made from; null where a person wrote it'),
})

/** What no longer counts, since when, until when, and whether it still covers anything. */
export const exclusions = collection('lanner', 'Exclusions', {
  ListExclusions: get('/lanner/v1/policies/exclusions', {
    tier: 'own',
    scope: policiesRead,
    summary: 'Exclusions with their authors, their ends, and when they covered something.',
    query: {
      ...paging({ limit: 1000 }),
      state: text(
        'active: not ended; expired; unmatched: never covered anything in a verdict; expiring: ends within the days',
        { choices: ['active', 'expired', 'unmatched', 'expiring'] },
      ),
      expiring_within_days: integer('days before its end from which on an exclusion is expiring', {
        minimum: 1,
        maximum: 3650,
        default: 14,
      }),
    },
    reply: resources(Exclusion),
    quirks: [
      'Whether an exclusion ever covered something rests on verdicts that were asked for: PreviewPolicies says it of the whole estate.',
    ],
  }),
})
