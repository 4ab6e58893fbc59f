import type { Collection } from '../define.ts'
import { containerAlerts } from './container-alerts.ts'
import { containerDetections } from './container-detections.ts'
import { containerImages } from './container-images.ts'
import { containerPackages } from './container-packages.ts'
import { containerVulnerabilities } from './container-vulnerabilities.ts'
import { driftIndicators } from './drift-indicators.ts'
import { falconContainer } from './falcon-container.ts'
import { imageAssessmentPolicies } from './image-assessment-policies.ts'
import { installationTokens } from './installation-tokens.ts'
import { oAuth2 } from './o-auth2.ts'
import { unidentifiedContainers } from './unidentified-containers.ts'

/** Every collection of the Falcon dialect. */
export const falcon: readonly Collection[] = [
  oAuth2,
  falconContainer,
  containerImages,
  imageAssessmentPolicies,
  installationTokens,
  containerPackages,
  containerVulnerabilities,
  containerDetections,
  containerAlerts,
  unidentifiedContainers,
  driftIndicators,
]

export {
  containerAlerts,
  containerDetections,
  containerImages,
  containerPackages,
  containerVulnerabilities,
  driftIndicators,
  falconContainer,
  imageAssessmentPolicies,
  installationTokens,
  oAuth2,
  unidentifiedContainers,
}
