import { Type } from 'typebox'
import { record } from '../../parts.ts'
import { Condition, PolicyData, PolicyGroup } from './policy.ts'

/** What the rules matched, and what exclusions took out of it. */
export const PolicyEvaluation = record('PolicyEvaluation', {
  excluded_cve_list: Type.Array(Type.String()),
  excluded_detection_list: Type.Array(Type.String()),
  excluded_package_list: Type.Array(Type.String()),
  matched_base_os_list: Type.Array(Type.String()),
  matched_cve_list: Type.Array(Type.String()),
  matched_detection_list: Type.Array(Type.String()),
  matched_package_list: Type.Array(Type.String()),
})

export const CheckedImage = record('CheckedImage', {
  image_digest: Type.String(),
  image_id: Type.String(),
  registry: Type.Optional(Type.String()),
  repository: Type.String(),
  tag: Type.String(),
})

export const CheckedPolicy = record('CheckedPolicy', {
  created_at: Type.String(),
  description: Type.String(),
  is_default: Type.Boolean(),
  is_enabled: Type.Boolean(),
  name: Type.String(),
  policy_data: Type.Optional(PolicyData),
  precedence: Type.Integer(),
  updated_at: Type.String(),
  uuid: Type.String(),
})

export const PolicyType = record('PolicyType', {
  created_at: Type.Optional(Type.String()),
  description: Type.String(),
  name: Type.String(),
  policy_config_data: Type.Optional(Type.Unknown()),
  policy_type: Type.String(),
  updated_at: Type.Optional(Type.String()),
  uuid: Type.String(),
  version: Type.String(),
})

/** Whether an image may be used, and by which policy. */
export const PolicyCheck = record('PolicyCheck', {
  action: Type.Optional(Type.String({ description: 'block or alert' })),
  conditions: Type.Optional(Type.Array(Condition)),
  deny: Type.Boolean({ description: 'true when the image must not be used' }),
  evaluated_at: Type.String(),
  evaluation_details: Type.Optional(PolicyEvaluation),
  image: CheckedImage,
  policy: CheckedPolicy,
  policy_group: Type.Optional(PolicyGroup),
  policy_type: PolicyType,
})
