import { admissionLimits, type ImageVerdict } from '@lanner/admission'
import type { Verdict } from '@lanner/sdk'

const states: ReadonlySet<unknown> = new Set<Verdict['state']>([
  'assessed',
  'partially',
  'unknown',
  'pending',
  'not_assessable',
])
const actions: ReadonlySet<unknown> = new Set<Verdict['action']>(['allow', 'alert', 'block', null])

/** What an answer needs of a verdict: little enough to keep thousands. */
export function imageVerdict(verdict: Verdict): ImageVerdict {
  const { state, reason, image, policy, group, rules, matched, valid_until } = verdict
  const { totals } = matched
  const digest = image?.index_digest || image?.image_digest
  const validUntil = valid_until === null ? Number.NaN : Date.parse(valid_until)
  // Who says only one of the two must not be taken for more than that.
  const action = verdict.deny === true ? 'block' : verdict.action
  return {
    state,
    reason,
    ...(digest ? { digest } : {}),
    ...(image?.index_digest && image.image_digest !== image.index_digest
      ? { decidedBy: `${image.image_digest} (${image.architecture})` }
      : {}),
    ...(action === null ? {} : { action }),
    ...(policy ? { policy: policy.name } : {}),
    ...(group ? { group: group.name } : {}),
    rules: rules.slice(0, 3).map(ruleText),
    findings: matched.vulnerabilities.slice(0, admissionLimits.findings).map((finding) => ({
      vulnerability: finding.vulnerability,
      severity: finding.severity,
      package: `${finding.package} ${finding.version}`,
      ...(finding.fixed_versions.length > 0 ? { fixedVersion: finding.fixed_versions.join(' or ') } : {}),
    })),
    others: [
      ...matched.detections.map(({ type, name, severity }) => `${type} ${name} (${severity})`),
      ...matched.packages.map(({ package: name, version }) => `package ${name} ${version}`),
      ...matched.base_os.map((name) => `base OS ${name}`),
    ].slice(0, admissionLimits.findings),
    matched: totals.vulnerabilities + totals.detections + totals.packages + matched.base_os.length,
    ...(Number.isNaN(validUntil) ? {} : { validUntil }),
  }
}

/** Whether an answer has what is read of it: it may come from a proxy, or from a server of another age. */
export function isVerdict(value: unknown): value is Verdict {
  const { state, action, deny, reason, matched, rules } = (value ?? {}) as Partial<Verdict>
  return (
    states.has(state) &&
    actions.has(action) &&
    (deny === null || typeof deny === 'boolean') &&
    typeof reason === 'string' &&
    Array.isArray(rules) &&
    [matched?.vulnerabilities, matched?.packages, matched?.detections, matched?.base_os].every(
      Array.isArray,
    ) &&
    typeof matched?.totals === 'object'
  )
}

function ruleText({ index, conditions }: Verdict['rules'][number]): string {
  const words = conditions.map(
    ({ prop, op, value }) => `${prop} ${op ? `${op} ` : ''}${JSON.stringify(value)}`,
  )
  return `rule ${index + 1}${words.length > 0 ? ` (${words.join(' and ')})` : ''}`
}
