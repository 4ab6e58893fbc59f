import type { HoldingPorts } from './holdings.ts'
import { type Packages, packages } from './packages.ts'
import { type Vulnerabilities, vulnerabilities } from './vulnerabilities.ts'

/** What images hold, and what is told of the containers that run them. */
export interface ContainerServices {
  readonly packages: Packages
  readonly vulnerabilities: Vulnerabilities
}

export function containerServices(ports: HoldingPorts & { readonly now: () => Date }): ContainerServices {
  return { packages: packages(ports), vulnerabilities: vulnerabilities(ports) }
}
