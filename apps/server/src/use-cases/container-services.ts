import { type ContainerAlerts, containerAlerts } from './container-alerts.ts'
import { type Containers, containers } from './containers.ts'
import { type Detections, detections } from './detections.ts'
import { type DriftIndicators, driftIndicators } from './drift-indicators.ts'
import type { HoldingPorts } from './holdings.ts'
import { type Packages, packages } from './packages.ts'
import { type UnidentifiedContainers, unidentifiedContainers } from './unidentified-containers.ts'
import { type Vulnerabilities, vulnerabilities } from './vulnerabilities.ts'

/** What images hold, and what is told of the containers that run them. */
export interface ContainerServices {
  readonly containerAlerts: ContainerAlerts
  readonly containers: Containers
  readonly detections: Detections
  readonly driftIndicators: DriftIndicators
  readonly packages: Packages
  readonly unidentifiedContainers: UnidentifiedContainers
  readonly vulnerabilities: Vulnerabilities
}

export function containerServices(ports: HoldingPorts & { readonly now: () => Date }): ContainerServices {
  return {
    containerAlerts: containerAlerts(ports),
    containers: containers(ports),
    detections: detections(ports),
    driftIndicators: driftIndicators(ports),
    packages: packages(ports),
    unidentifiedContainers: unidentifiedContainers(ports),
    vulnerabilities: vulnerabilities(ports),
  }
}
