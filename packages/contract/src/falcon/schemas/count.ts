import { Type } from 'typebox'
import { record } from '../../parts.ts'

/** Assessments of one day by their outcome. */
export const AssessmentCounts = record('AssessmentCounts', {
  assessed: Type.Integer(),
  error_image_pull: Type.Integer(),
  error_image_push: Type.Integer(),
  error_missing_config: Type.Integer(),
  error_unsupported_schema_version: Type.Integer(),
  time_stamp: Type.String(),
})

export const AssessmentHistory = record('AssessmentHistory', {
  buckets: Type.Array(AssessmentCounts),
  name: Type.String(),
})

export const Bucket = record('Bucket', {
  count: Type.Integer(),
  label: Type.String(),
})

/** Counts of one thing, split by its values. */
export const Split = record('Split', {
  buckets: Type.Array(Bucket),
  name: Type.String(),
})

export const Count = record('Count', {
  count: Type.Integer(),
})

/** Some clients know no label, others insist on it. */
export const LabelledCount = record('LabelledCount', {
  count: Type.Integer(),
  label: Type.String(),
})
