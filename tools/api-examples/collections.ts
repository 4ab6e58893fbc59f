import type { ExampleCollection } from './example.ts'
import { containerAlertsExamples } from './falcon/container-alerts.ts'
import { containerDetectionsExamples } from './falcon/container-detections.ts'
import { containerImagesExamples } from './falcon/container-images.ts'
import { containerPackagesExamples } from './falcon/container-packages.ts'
import { containerVulnerabilitiesExamples } from './falcon/container-vulnerabilities.ts'
import { driftIndicatorsExamples } from './falcon/drift-indicators.ts'
import { falconContainerExamples } from './falcon/falcon-container.ts'
import { imageAssessmentPoliciesExamples } from './falcon/image-assessment-policies.ts'
import { installationTokensExamples } from './falcon/installation-tokens.ts'
import { oAuth2Examples } from './falcon/o-auth2.ts'
import { unidentifiedContainersExamples } from './falcon/unidentified-containers.ts'
import { ownExamples } from './lanner/own-collections.ts'
import { vexExamples } from './lanner/vex.ts'

/** Examples of every collection, in the order in which they are run: what changes something comes after what reads it. */
export const exampleCollections: readonly ExampleCollection[] = [
  oAuth2Examples,
  ...ownExamples,
  containerImagesExamples,
  containerPackagesExamples,
  containerVulnerabilitiesExamples,
  containerDetectionsExamples,
  containerAlertsExamples,
  unidentifiedContainersExamples,
  driftIndicatorsExamples,
  falconContainerExamples,
  imageAssessmentPoliciesExamples,
  installationTokensExamples,
  ...vexExamples,
]
