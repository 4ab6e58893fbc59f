import type { Excluded } from '@lanner/policy'
import type { CheckedVerdict } from '../../use-cases/policy-checks.ts'
import type { PolicyEntity, PolicyGroupEntity } from '../../use-cases/policy-set.ts'
import { written } from '../written-json.ts'
import { instant, policyTypeUuid, toPolicyGroup } from './policy-entities.ts'

/** One verdict in the shape of Falcon's policy checks. */
export interface WirePolicyCheck {
  readonly deny: boolean
  /** Only where the image is denied or warned of. */
  readonly action?: 'block' | 'alert'
  readonly evaluated_at: string
  readonly image: {
    readonly registry: string
    readonly repository: string
    readonly tag: string
    readonly image_id: string
    readonly image_digest: string
  }
  readonly policy: ReturnType<typeof toCheckedPolicy>
  readonly policy_group?: ReturnType<typeof toPolicyGroup>
  readonly policy_type: typeof policyType
  readonly conditions: { prop: string; op?: string; value: unknown }[]
  readonly evaluation_details: {
    readonly matched_cve_list: string[]
    readonly excluded_cve_list: string[]
    readonly matched_detection_list: string[]
    readonly excluded_detection_list: string[]
    readonly matched_package_list: string[]
    readonly excluded_package_list: string[]
    readonly matched_base_os_list: string[]
  }
}

const policyType = {
  uuid: policyTypeUuid,
  name: 'image-prevention-policy',
  description: 'Decides by an assessment whether an image may be used',
  policy_type: 'image-prevention-policy',
  version: '1',
}

// Verdicts are remembered and asked for thousands of times a second: so is how they go over the wire.
const known = new WeakMap<CheckedVerdict, Uint8Array>()

/** The resources that ImageMatchesPolicy and PolicyChecks answer with: the one check, as it goes over the wire. */
export function writtenPolicyCheck(checked: CheckedVerdict): WirePolicyCheck[] {
  let bytes = known.get(checked)
  if (!bytes) {
    bytes = Buffer.from(JSON.stringify([toPolicyCheck(checked)]))
    known.set(checked, bytes)
  }
  return written(bytes)
}

/** A verdict in the shape of Falcon's policy checks. */
export function toPolicyCheck(checked: CheckedVerdict): WirePolicyCheck {
  const { image, verdict, policy } = checked
  const { matched, excluded } = verdict
  const group = policy.groups.find(({ id }) => id === verdict.group?.id)
  return {
    deny: verdict.deny,
    ...(verdict.action === 'allow' ? {} : { action: verdict.action }),
    evaluated_at: instant(new Date(verdict.evaluatedAt)),
    image: {
      registry: image.registry,
      repository: image.repository,
      tag: image.tag,
      image_id: image.imageId,
      image_digest: image.digest,
    },
    policy: toCheckedPolicy(policy),
    ...(group ? { policy_group: toPolicyGroup(group as PolicyGroupEntity) } : {}),
    policy_type: policyType,
    conditions: verdict.rules.flatMap(({ rule }) => [...rule.conditions]),
    evaluation_details: {
      matched_cve_list: distinct(matched.findings, ({ vulnerability }) => vulnerability),
      excluded_cve_list: distinct(excluded.findings, ({ thing }) => thing.vulnerability),
      matched_detection_list: distinct(matched.detections, ({ name }) => name),
      excluded_detection_list: distinct(excluded.detections, ({ thing }) => thing.name),
      matched_package_list: distinct(matched.packages, nameVersion),
      excluded_package_list: distinct(excluded.packages, (one: Excluded<NamedPackage>) =>
        nameVersion(one.thing),
      ),
      matched_base_os_list: [...matched.baseOs],
    },
  }
}

function toCheckedPolicy(policy: PolicyEntity) {
  const { id, name, description, enabled, isDefault, precedence, createdAt, updatedAt } = policy
  return {
    uuid: id,
    name,
    description,
    is_enabled: enabled,
    is_default: isDefault,
    precedence,
    created_at: instant(createdAt),
    updated_at: instant(updatedAt),
  }
}

interface NamedPackage {
  readonly namespace?: string
  readonly name: string
  readonly version: string
}

function nameVersion({ namespace, name, version }: NamedPackage): string {
  return `${namespace ? `${namespace}/` : ''}${name} ${version}`
}

function distinct<Thing>(things: readonly Thing[], nameOf: (thing: Thing) => string): string[] {
  return [...new Set(things.map(nameOf))]
}
