import { Type } from 'typebox'
import { collection, get } from '../define.ts'
import { integer, list, nullable, record, resources, text, time } from '../parts.ts'
import { eventsRead } from './scopes.ts'

export const eventKinds = ['new', 'gone', 'severity_changed', 'fix_available', 'exploited'] as const

/** The facts of a finding on one side of a change. */
const FindingFacts = Type.Record(Type.String(), Type.Unknown())

const ChangeEvent = record('ChangeEvent', {
  id: Type.String({ description: 'grows; what comes after it is asked for with after' }),
  at: time(),
  kind: Type.Enum([...eventKinds]),
  vulnerability: Type.String({ description: 'CVE name, or the id of the advisory' }),
  image_digest: Type.String(),
  package: Type.String({ description: 'package URL' }),
  before: nullable(FindingFacts),
  after: nullable(FindingFacts),
})

/** What changed about images that did not change themselves. */
export const events = collection('lanner', 'Events', {
  ListEvents: get('/lanner/v1/events', {
    tier: 'own',
    scope: eventsRead,
    summary: 'Changes of findings, oldest first: new, gone, severity changed, fix available, exploited.',
    description:
      'Read page by page: after is the id of the last event that was read. An empty page means that nothing came since; the same after is asked again later.',
    query: {
      after: text('id of the event after which to begin; absent: the oldest that is kept'),
      limit: integer('largest number of events to return', { minimum: 1, maximum: 1000, default: 100 }),
      kind: list('kinds of change', { choices: eventKinds }),
      vulnerability: text('only those of this vulnerability'),
      image_digest: text('only those of this image'),
    },
    reply: resources(ChangeEvent),
  }),
})
