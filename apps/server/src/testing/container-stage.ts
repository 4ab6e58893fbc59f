import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import {
  containerAlerts,
  containerDetections,
  containerPackages,
  containers,
  containerVulnerabilities,
  driftIndicators,
  unidentifiedContainers,
} from '@lanner/contract'
import { sql } from 'kysely'
import { room } from '../http/dialect.ts'
import { containerAlertsHandlers } from '../http/falcon/container-alerts.ts'
import { containerDetectionsHandlers } from '../http/falcon/container-detections.ts'
import { containerPackagesHandlers } from '../http/falcon/container-packages.ts'
import { containerVulnerabilitiesHandlers } from '../http/falcon/container-vulnerabilities.ts'
import { driftIndicatorsHandlers } from '../http/falcon/drift-indicators.ts'
import { unidentifiedContainersHandlers } from '../http/falcon/unidentified-containers.ts'
import { containerHandlers } from '../http/lanner/containers.ts'
import { containerServices } from '../use-cases/container-services.ts'
import type { Services } from '../use-cases/services.ts'
import { makeImageEstate } from './image-estate.ts'
import { type TestServer, type TestTenant, testServer } from './server.ts'

const rooms = [
  room<typeof containerPackages, Services>(containerPackages, containerPackagesHandlers),
  room<typeof containerVulnerabilities, Services>(containerVulnerabilities, containerVulnerabilitiesHandlers),
  room<typeof containerDetections, Services>(containerDetections, containerDetectionsHandlers),
  room<typeof containerAlerts, Services>(containerAlerts, containerAlertsHandlers),
  room<typeof unidentifiedContainers, Services>(unidentifiedContainers, unidentifiedContainersHandlers),
  room<typeof driftIndicators, Services>(driftIndicators, driftIndicatorsHandlers),
  room<typeof containers, Services>(containers, containerHandlers),
]

/** A server of everything about containers, and two tenants with images and containers. */
export interface ContainerStage extends TestServer {
  readonly other: TestTenant
  /** What a GET below `/container-security` answers; its status is 200. */
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects in there
  ask(path: string, query?: Record<string, string>, token?: string): Promise<any>
}

export async function containerStage(t: TestContext): Promise<ContainerStage> {
  const server = await testServer<Services>(t, {
    rooms,
    services: ({ database, clock }) =>
      containerServices({
        database,
        transaction: (work) => database.transaction().execute(work),
        now: () => new Date(clock()),
      }) as unknown as Services,
  })
  const other = await server.secondTenant()
  await makeImageEstate(server.database, server.tenant.cid, other.cid)
  await sql`delete from runtime_detection where cid = any(${[server.tenant.cid, other.cid]})`.execute(
    server.database,
  )
  return {
    ...server,
    other,
    async ask(path, query = {}, token = server.tenant.token) {
      const { status, body, text } = await server.call('GET', `/container-security${path}`, { query, token })
      assert.equal(status, 200, text)
      return body
    },
  }
}

/** Operations of the vendor's dialect there. */
export const containerOperations = rooms
  .filter(({ collection }) => collection.dialect === 'falcon')
  .flatMap(({ collection }) => Object.entries(collection.operations))
