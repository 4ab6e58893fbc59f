import { Type } from 'typebox'
import { record } from '../../parts.ts'

export const ContainerAlert = record('ContainerAlert', {
  containers_impacted_count: Type.String(),
  containers_impacted_ids: Type.Array(Type.String()),
  detection_description: Type.String(),
  detection_event_simple_name: Type.String(),
  detection_name: Type.String(),
  first_seen_timestamp: Type.String(),
  last_seen_timestamp: Type.String(),
  severity: Type.String(),
})
