import {
  findingsOfPackages,
  fixablePackagePage,
  type ListedPackage,
  type ListedPackageFinding,
  type PackageFinding,
  type PackageOrder,
  packageFindingPage,
  packagePage,
  runningImagesWith,
} from '../db/package-list.ts'
import { followImages, followRunningPackages, type HoldingPorts } from './holdings.ts'
import type { ListPage, ListRequest } from './images-list.ts'

/** A package with the number of its images that containers run. */
export type Running<Row> = Row & { readonly runningImages: number }

export type PackageInList = Running<ListedPackage> & { readonly findings: readonly PackageFinding[] }

/** The packages of a tenant's current images, each once. Suppressed ones never count. */
export interface Packages {
  /** With their vulnerabilities. By name where no order is asked for. */
  list(cid: string, request: ListRequest): Promise<ListPage<PackageInList>>
  /** A row for each vulnerability of a package, and one for a package that has none. */
  listFindings(cid: string, request: ListRequest): Promise<ListPage<Running<ListedPackageFinding>>>
  /** Those with the most vulnerabilities, or in the most images, first. */
  most(
    cid: string,
    by: 'images' | 'vulnerabilities',
    request: ListRequest,
  ): Promise<ListPage<Running<ListedPackage>>>
  /** Application packages with the most vulnerabilities that have a fix first; only those are counted. */
  mostFixable(cid: string, request: ListRequest): Promise<ListPage<Running<ListedPackage>>>
}

export type { ListedPackage, ListedPackageFinding }

export function packages(ports: HoldingPorts): Packages {
  const { database } = ports

  async function withRunning<Row extends { readonly package_id: number }>(
    cid: string,
    rows: readonly Row[],
  ): Promise<readonly Running<Row>[]> {
    if (rows.length === 0) return []
    const ids = [...new Set(rows.map((row) => row.package_id))]
    const running = await runningImagesWith(database, cid, ids)
    return rows.map((row) => ({ ...row, runningImages: running.get(row.package_id) ?? 0 }))
  }

  return {
    async list(cid, request) {
      await Promise.all([followImages(ports, cid), followRunningPackages(ports, cid)])
      const { rows, total } = await packagePage(database, cid, pageOf(request, 'name'))
      const ids = rows.map((row) => row.package_id)
      const [running, findings] = await Promise.all([
        withRunning(cid, rows),
        findingsOfPackages(database, ids),
      ])
      const byPackage = Map.groupBy(findings, (finding) => finding.package_id)
      return {
        rows: running.map((row) => ({ ...row, findings: byPackage.get(row.package_id) ?? [] })),
        total,
      }
    },
    async listFindings(cid, request) {
      await Promise.all([followImages(ports, cid), followRunningPackages(ports, cid)])
      const { rows, total } = await packageFindingPage(database, cid, pageOf(request, 'name'))
      return { rows: await withRunning(cid, rows), total }
    },
    async most(cid, by, request) {
      await Promise.all([followImages(ports, cid), followRunningPackages(ports, cid)])
      const { rows, total } = await packagePage(database, cid, pageOf(request, by))
      return { rows: await withRunning(cid, rows), total }
    },
    async mostFixable(cid, request) {
      await Promise.all([followImages(ports, cid), followRunningPackages(ports, cid)])
      const { rows, total } = await fixablePackagePage(database, cid, pageOf(request, 'vulnerabilities'))
      return { rows: await withRunning(cid, rows), total }
    },
  }
}

function pageOf({ filter, sort, limit, offset }: ListRequest, order: PackageOrder) {
  return { ...(filter ? { filter } : {}), order: sort && sort.length > 0 ? sort : order, limit, offset }
}
