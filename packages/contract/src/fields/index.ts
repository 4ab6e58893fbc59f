export { auditEventFields } from './audit-event.ts'
export {
  containerAlertCountFields,
  containerAlertFields,
  containerAlertRowFields,
} from './container-alert.ts'
export { detectionFields, detectionKindFields, detectionQueryFields } from './detection.ts'
export { driftIndicatorFields } from './drift-indicator.ts'
export { exportJobFields } from './export-job.ts'
export {
  assessmentHistoryFields,
  baseImageFields,
  combinedImageFields,
  imageCountFields,
  imageDetailFields,
  imageExportFields,
  imageFields,
  imageRecordFields,
  imageStateFields,
} from './image.ts'
export { installationTokenFields } from './installation-token.ts'
export {
  packageCountFields,
  packageFields,
  packageImageCountFields,
  packageRowFields,
  zeroDayPackageFields,
} from './package.ts'
export { packageKind, packageKinds } from './package-kind.ts'
export { registryFields } from './registry.ts'
export { runtimeDetectionFields } from './runtime-detection.ts'
export { cpsWords, severityWords } from './severity.ts'
export { unidentifiedContainerFields } from './unidentified-container.ts'
export {
  imageVulnerabilityFields,
  vulnerabilityCountFields,
  vulnerabilityFields,
  vulnerabilityReferenceFields,
  vulnerabilityRowFields,
} from './vulnerability.ts'
