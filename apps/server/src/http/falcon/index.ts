import {
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
} from '@lanner/contract/falcon'
import type { Services } from '../../use-cases/services.ts'
import { type Room, room } from '../dialect.ts'
import { containerAlertsHandlers } from './container-alerts.ts'
import { containerDetectionsHandlers } from './container-detections.ts'
import { containerImagesHandlers } from './container-images.ts'
import { containerPackagesHandlers } from './container-packages.ts'
import { containerVulnerabilitiesHandlers } from './container-vulnerabilities.ts'
import { driftIndicatorsHandlers } from './drift-indicators.ts'
import { falconContainerHandlers } from './falcon-container.ts'
import { imageAssessmentPolicyHandlers } from './image-assessment-policies.ts'
import { installationTokenHandlers } from './installation-tokens.ts'
import { oAuth2Handlers } from './o-auth2.ts'
import { unidentifiedContainersHandlers } from './unidentified-containers.ts'

/** Every collection of the Falcon dialect with its handlers. */
export const falconRooms: readonly Room<Services>[] = [
  room(oAuth2, oAuth2Handlers),
  room(containerImages, containerImagesHandlers),
  room(containerPackages, containerPackagesHandlers),
  room(containerVulnerabilities, containerVulnerabilitiesHandlers),
  room(containerDetections, containerDetectionsHandlers),
  room(containerAlerts, containerAlertsHandlers),
  room(unidentifiedContainers, unidentifiedContainersHandlers),
  room(driftIndicators, driftIndicatorsHandlers),
  room(falconContainer, falconContainerHandlers),
  room(imageAssessmentPolicies, imageAssessmentPolicyHandlers),
  room(installationTokens, installationTokenHandlers),
]
