import {
  containerImages,
  containerPackages,
  containerVulnerabilities,
  falconContainer,
  imageAssessmentPolicies,
  installationTokens,
  oAuth2,
} from '@lanner/contract/falcon'
import type { Services } from '../../use-cases/services.ts'
import { type Room, room } from '../dialect.ts'
import { containerImagesHandlers } from './container-images.ts'
import { containerPackagesHandlers } from './container-packages.ts'
import { containerVulnerabilitiesHandlers } from './container-vulnerabilities.ts'
import { falconContainerHandlers } from './falcon-container.ts'
import { imageAssessmentPolicyHandlers } from './image-assessment-policies.ts'
import { installationTokenHandlers } from './installation-tokens.ts'
import { oAuth2Handlers } from './o-auth2.ts'

/** Every collection of the Falcon dialect with its handlers. */
export const falconRooms: readonly Room<Services>[] = [
  room(oAuth2, oAuth2Handlers),
  room(containerImages, containerImagesHandlers),
  room(containerPackages, containerPackagesHandlers),
  room(containerVulnerabilities, containerVulnerabilitiesHandlers),
  room(falconContainer, falconContainerHandlers),
  room(imageAssessmentPolicies, imageAssessmentPolicyHandlers),
  room(installationTokens, installationTokenHandlers),
]
