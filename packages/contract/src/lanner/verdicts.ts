import { Type } from 'typebox'
import { collection, get } from '../define.ts'
import { boolean, integer, nullable, record, resources, text, time } from '../parts.ts'
import { verdictsRead } from './scopes.ts'

const states = ['assessed', 'partially', 'unknown', 'pending', 'not_assessable'] as const
const severities = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'] as const

const VerdictImage = record('VerdictImage', {
  registry: Type.String({ description: 'empty for an image that was pushed here' }),
  repository: Type.String(),
  tag: Type.String({ description: 'empty where the digest has no tag, or none any more' }),
  image_digest: Type.String({ description: 'of its manifest; of the index while that is being read' }),
  index_digest: Type.String({ description: 'of the index that it came with; empty where there is none' }),
  image_id: Type.String(),
  architecture: Type.String(),
})

const Condition = record('VerdictCondition', {
  prop: Type.String(),
  op: Type.String({ description: 'spelled out where the policy leaves it out' }),
  value: Type.Unknown(),
})

const Rule = record('VerdictRule', {
  index: Type.Integer({ description: 'its place among the rules of the policy, from 0' }),
  action: Type.Enum(['block', 'alert', 'allow']),
  conditions: Type.Array(Condition),
})

const Exclusion = record('VerdictExclusion', {
  id: Type.String(),
  description: Type.String(),
  author: Type.String(),
  expires_at: nullable(time()),
})

const finding = {
  vulnerability: Type.String({ description: 'CVE name, or the id of an advisory' }),
  aliases: Type.Array(Type.String()),
  severity: Type.Enum([...severities]),
  verdict: Type.Enum(['affected', 'unknown']),
  cvss_score: nullable(Type.Number()),
  cps_rating: Type.String(),
  epss: nullable(Type.Number()),
  exploited: Type.Boolean(),
  fix_available: Type.Boolean(),
  fixed_versions: Type.Array(Type.String()),
  package_type: Type.String(),
  package: Type.String({ description: 'name, with its namespace where the ecosystem has one' }),
  version: Type.String(),
  paths: Type.Array(Type.String(), {
    description: 'where in the image, without a leading slash; at most 10',
  }),
}
const pack = {
  package_type: Type.String(),
  package: Type.String({ description: 'name, with its namespace where the ecosystem has one' }),
  version: Type.String(),
  licenses: Type.Array(Type.String()),
  paths: Type.Array(Type.String(), {
    description: 'where in the image, without a leading slash; at most 10',
  }),
}
const detection = {
  id: Type.String(),
  type: Type.String(),
  name: Type.String(),
  severity: Type.Enum([...severities]),
  paths: Type.Array(Type.String(), {
    description: 'where in the image, without a leading slash; at most 10',
  }),
}
const excluded = { exclusion: Exclusion }
const totals = {
  vulnerabilities: Type.Integer(),
  packages: Type.Integer(),
  detections: Type.Integer(),
}

const Verdict = record('Verdict', {
  state: Type.Enum([...states], {
    description: 'how far the image is assessed; none but the first is whole',
  }),
  reason: Type.String({ description: 'why it is not wholly assessed; empty when it is' }),
  image: nullable(VerdictImage, 'null where no image of that name is known'),
  action: nullable(Type.Enum(['allow', 'alert', 'block']), 'null where no policy can say'),
  deny: nullable(Type.Boolean()),
  policy: nullable(
    record('VerdictPolicy', {
      id: Type.String(),
      name: Type.String(),
      is_default: Type.Boolean({ description: 'the built-in one, which passes what no other decides' }),
    }),
    'that decided',
  ),
  group: nullable(
    record('VerdictGroup', { id: Type.String(), name: Type.String() }),
    'through which the policy applies, where it has groups',
  ),
  rules: Type.Array(Rule, { description: 'of the policy, those that matched with the action' }),
  matched: record('VerdictMatches', {
    vulnerabilities: Type.Array(record('MatchedVulnerability', finding), { description: 'worst first' }),
    packages: Type.Array(record('MatchedPackage', pack)),
    detections: Type.Array(record('MatchedDetection', detection)),
    base_os: Type.Array(Type.String()),
    totals: Type.Object(totals, { description: 'how many there are, of which limit may leave some out' }),
  }),
  excluded: record('VerdictExclusions', {
    vulnerabilities: Type.Array(record('ExcludedVulnerability', { ...finding, ...excluded }), {
      description: 'worst first',
    }),
    packages: Type.Array(record('ExcludedPackage', { ...pack, ...excluded })),
    detections: Type.Array(record('ExcludedDetection', { ...detection, ...excluded })),
    totals: Type.Object(totals, { description: 'how many there are, of which limit may leave some out' }),
  }),
  evaluated_at: time(),
  valid_until: nullable(time('from when on it may be another although nothing changed')),
  explanation: Type.Array(Type.String(), { description: 'with explain: why, a line a step, indented' }),
})

/** What a list of a verdict holds where nothing else is asked for, and at most. */
export const verdictLists = { usual: 1000, most: 10_000 } as const

/** Whether images may pass. */
export const verdicts = collection('lanner', 'Verdicts', {
  GetVerdict: get('/lanner/v1/verdict', {
    tier: 'own',
    scope: verdictsRead,
    summary: 'Whether an image may pass, and what decides; for an index the worst of its platforms.',
    description:
      'An image that is unknown, pending or not assessable has an action only where a policy decides by its name and state alone. A tag or a digest is needed beside the repository; where both are given the digest says which image.',
    query: {
      repository: text('repository of the image, without a registry', { required: true }),
      tag: text('tag'),
      digest: text('digest of the manifest or the index, such as sha256:…'),
      registry: text('host of the registry; absent: any'),
      pushed: boolean('true: only an image that was pushed to the platform itself'),
      architecture: text('only this platform of an index, such as amd64'),
      explain: boolean('true: the explanation too', { default: false }),
      limit: integer('largest number of entries of each list', {
        minimum: 0,
        maximum: verdictLists.most,
        default: verdictLists.usual,
      }),
    },
    reply: resources(Verdict),
  }),
})
