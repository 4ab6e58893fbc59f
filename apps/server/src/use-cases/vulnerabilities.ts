import type { Checked } from '@lanner/fql'
import { imageWithUuid } from '../db/image.ts'
import {
  type AffectedPackage,
  containersWith,
  type ListedVulnerability,
  packagesWith,
  type VulnerabilityBucket,
  type VulnerabilityOrder,
  type VulnerabilityProperty,
  vulnerabilityBuckets,
  vulnerabilityPage,
  vulnerabilityTotal,
} from '../db/vulnerability-list.ts'
import { asksFor } from '../filters/same-row.ts'
import { followContainers, followImages, type HoldingPorts } from './holdings.ts'
import { type ImageVulnerability, imageVulnerabilities } from './image-vulnerabilities.ts'
import type { ListPage, ListRequest } from './images-list.ts'
import { selectionOf } from './images-selection.ts'
import { refuseUnassessed } from './reports.ts'
import { RequestFault } from './request-fault.ts'

export type VulnerabilityInList = ListedVulnerability & {
  /** Running containers whose image has it. */
  readonly containers: number
  readonly affected: readonly AffectedPackage[]
}

/** The vulnerabilities of a tenant's current images, each once. Suppressed packages never count. */
export interface Vulnerabilities {
  /** The worst first where no order is asked for. */
  list(
    cid: string,
    request: ListRequest,
    order?: Exclude<VulnerabilityOrder, readonly unknown[]>,
  ): Promise<ListPage<VulnerabilityInList>>
  count(cid: string, filter?: Checked): Promise<number>
  countBy(cid: string, by: VulnerabilityProperty, filter?: Checked): Promise<readonly VulnerabilityBucket[]>
  /** One of them. Throws RequestFault `not-found` where no image of the tenant has it. */
  get(cid: string, id: string): Promise<VulnerabilityInList>
  /**
   * Those of one image, by its record's uuid, one for each package. Throws RequestFault `not-found` for an image that is
   * unknown, and, with state and reason, for one that is pending or not assessable.
   */
  ofImage(cid: string, imageUuid: string, request: ListRequest): Promise<ListPage<ImageVulnerability>>
}

export function vulnerabilities(ports: HoldingPorts): Vulnerabilities {
  const { database } = ports

  async function follow(cid: string, filter: Checked | undefined): Promise<void> {
    await followImages(ports, cid)
    if (asksFor(filter, 'containers_impacted_range')) await followContainers(ports, cid)
  }

  async function completed(
    cid: string,
    rows: readonly ListedVulnerability[],
  ): Promise<readonly VulnerabilityInList[]> {
    if (rows.length === 0) return []
    const ids = rows.map((row) => row.vulnerability_id)
    const [containers, affected] = await Promise.all([
      containersWith(database, cid, ids),
      packagesWith(database, cid, ids),
    ])
    const byVulnerability = Map.groupBy(affected, (pack) => pack.vulnerability_id)
    return rows.map((row) => ({
      ...row,
      containers: containers.get(row.vulnerability_id) ?? 0,
      affected: byVulnerability.get(row.vulnerability_id) ?? [],
    }))
  }

  return {
    async list(cid, { filter, sort, limit, offset }, order = 'severity') {
      await follow(cid, filter)
      const asked = sort && sort.length > 0 ? sort : order
      const page = await vulnerabilityPage(database, cid, {
        ...selectionOf(filter),
        order: asked,
        limit,
        offset,
      })
      return { rows: await completed(cid, page.rows), total: page.total }
    },
    async count(cid, filter) {
      await follow(cid, filter)
      return vulnerabilityTotal(database, cid, selectionOf(filter))
    },
    async countBy(cid, by, filter) {
      await follow(cid, filter)
      return vulnerabilityBuckets(database, cid, by, selectionOf(filter))
    },
    async get(cid, id) {
      await followImages(ports, cid)
      const filter: Checked = {
        kind: 'field',
        field: 'cve_id',
        facts: { kind: 'text' },
        comparison: { kind: 'equal', value: id, negated: false },
      }
      const { rows } = await vulnerabilityPage(database, cid, {
        filter,
        order: 'severity',
        limit: 1,
        offset: 0,
      })
      const [found] = await completed(cid, rows)
      if (!found) throw new RequestFault('not-found', `vulnerability ${id}: no image of this account has it`)
      return found
    },
    async ofImage(cid, imageUuid, request) {
      const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(imageUuid)
      const image = uuid ? await imageWithUuid(database, cid, imageUuid) : undefined
      if (!image) throw new RequestFault('not-found', `image record ${imageUuid}: unknown in this account`)
      refuseUnassessed(image)
      return imageVulnerabilities(database, cid, image.content_digest, request)
    },
  }
}
