import {
  compilePolicies,
  evaluate,
  type ImagePolicyFacts,
  type Policy,
} from '../packages/policy/src/index.ts'
import { median, milliseconds, type Row, timed } from './measure.ts'

const rules = 200
const findings = 1000
const packages = 400
const now = Date.UTC(2026, 10, 22)
const severities = ['low', 'medium', 'high', 'critical'] as const

/** Rules of every kind that people write, none of which is the same as another, and none of which holds: all are asked. */
function policies(): Policy[] {
  const conditions = (at: number) => [
    [
      { prop: 'severity', op: 'gte', value: 'high' },
      { prop: 'package', op: 'like', value: `never-${at}*` },
    ],
    [
      { prop: 'cve', op: 'in', value: [`CVE-1999-${1000 + at}`, `CVE-1998-${1000 + at}`] },
      { prop: 'fix_available', value: true },
    ],
    [
      { prop: 'cvss_score', op: 'gt', value: 9 + at / 1000 },
      { prop: 'epss', op: 'gt', value: 0.9 + at / 10_000 },
      { prop: 'published_days', op: 'lt', value: 1 },
    ],
    [
      { prop: 'license', op: 'like', value: `Proprietary-${at}*` },
      { prop: 'repository', value: 'shop/*' },
    ],
  ]
  return Array.from({ length: rules / 10 }, (_, policy) => ({
    id: `policy-${policy}`,
    name: `Policy ${policy}`,
    enabled: true,
    groups: [],
    rules: Array.from({ length: 10 }, (_, rule) => {
      const at = policy * 10 + rule
      return { action: 'block' as const, conditions: conditions(at)[at % 4] }
    }),
  }))
}

function image(): ImagePolicyFacts {
  return {
    registry: '',
    repository: 'shop/checkout',
    tag: '1.8.2',
    digest: `sha256:${'9a'.repeat(32)}`,
    assessment: 'assessed',
    packages: Array.from({ length: packages }, (_, at) => ({
      type: 'deb' as const,
      name: `libbench${at}`,
      version: `1.${at}-1`,
      purl: `pkg:deb/debian/libbench${at}@1.${at}-1`,
      licenses: ['MIT'],
      places: [{ path: 'var/lib/dpkg/status', layer: '', origin: 'own' as const }],
    })),
    findings: Array.from({ length: findings }, (_, at) => ({
      vulnerability: `CVE-2024-${1000 + at}`,
      aliases: [`DEBIAN-CVE-2024-${1000 + at}`],
      package: at % packages,
      verdict: 'affected' as const,
      severity: severities[at % 4],
      cvssScore: (at % 90) / 10,
      cpsRating: 'low' as const,
      epss: (at % 100) / 200,
      exploited: false,
      fixAvailable: at % 2 === 0,
      published: '2024-03-02T09:14:05Z',
    })),
    detections: [],
  }
}

/** One image judged by many rules; each round has an image of its own, of which nothing is remembered. */
export async function benchPolicy(rounds = 500): Promise<Row[]> {
  const compiled = compilePolicies(policies())
  const took: number[] = []
  for (let round = 0; round < rounds; round++) {
    const facts = image()
    took.push(
      await timed(() => {
        const { deny, rules: matched } = evaluate(facts, compiled, now)
        if (deny || matched.length > 0) throw new Error('a rule held that was made not to')
      }),
    )
  }
  const [first] = took
  const usual = median(took.slice(rounds / 10))
  return [
    {
      what: `${rules} rules against an image of ${findings.toLocaleString('en-US')} findings in ${packages} packages`,
      figure: milliseconds(usual),
      against: `nothing of the image remembered; the first of the process ${milliseconds(first)}; at most 2 ms`,
      holds: usual <= 2,
    },
  ]
}
