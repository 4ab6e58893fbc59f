import type { containerPackages, Handlers, Row } from '@lanner/contract'
import { packageKind } from '@lanner/contract/fields'
import type { ListedPackage, ListedPackageFinding, PackageInList, Running } from '../../use-cases/packages.ts'
import type { Services } from '../../use-cases/services.ts'
import { paged } from './pages.ts'
import { severityWord } from './words.ts'

type Collection = typeof containerPackages

/** Packages across all images. No vulnerability of ours is a zero-day: nobody tells of them. */
export const containerPackagesHandlers: Handlers<Collection, Services> = {
  async ReadPackagesByImageCount({ caller, query }, { packages }) {
    const { filter, limit } = query
    const { rows } = await packages.most(caller.cid, 'images', { filter, limit, offset: 0 })
    const buckets = rows.map((row) => ({ label: nameVersion(row), count: row.images }))
    return { resources: [{ name: 'packages', buckets }] }
  },

  async ReadPackagesCountByZeroDay() {
    return { resources: [{ label: 'zero_day', count: 0 }] }
  },

  async ReadPackagesByFixableVulnCount({ caller, query }, { packages }) {
    return paged(query, await packages.mostFixable(caller.cid, query), countRow)
  },

  async ReadPackagesByVulnCount({ caller, query }, { packages }) {
    return paged(query, await packages.most(caller.cid, 'vulnerabilities', query), countRow)
  },

  async ReadPackagesCombinedExport({ caller, query }, { packages }) {
    const page = query.only_zero_day_affected ? nothing : await packages.list(caller.cid, query)
    return paged(query, page, (row) => packageRow(caller.cid, row))
  },

  async ReadPackagesCombined({ caller, query }, { packages }) {
    const page = query.only_zero_day_affected ? nothing : await packages.list(caller.cid, query)
    return paged(query, page, (row) => packageRow(caller.cid, row))
  },

  async ReadPackagesCombinedV2({ caller, query }, { packages }) {
    const page = query.only_zero_day_affected ? nothing : await packages.listFindings(caller.cid, query)
    return paged(query, page, (row) => findingRow(caller.cid, row))
  },
}

const nothing = { rows: [], total: 0 }

function nameVersion({ name, version }: Pick<ListedPackage, 'name' | 'version'>): string {
  return `${name} ${version}`
}

function countRow(row: Running<ListedPackage>): Row<Collection, 'ReadPackagesByVulnCount'> {
  return {
    images: row.images,
    package: row.name,
    packages_type: packageKind(row.type),
    running_images: row.runningImages,
    version: row.version,
    vulnerabilities: row.vulnerabilities,
  }
}

function common(cid: string, row: Running<ListedPackage>) {
  return {
    ai_related: row.ai_related,
    all_images: row.images,
    cid,
    license: row.licenses.join(', '),
    package_name_version: nameVersion(row),
    running_images: row.runningImages,
    type: packageKind(row.type),
  }
}

function packageRow(cid: string, row: PackageInList): Row<Collection, 'ReadPackagesCombined'> {
  return {
    ...common(cid, row),
    vulnerabilities: row.findings.map((finding) => ({
      cveid: finding.vulnerability_id,
      description: finding.description,
      fix_resolution: [...finding.fixed_versions],
      severity: severityWord(finding.severity),
    })),
    vulnerability_count: row.vulnerabilities,
  }
}

function findingRow(
  cid: string,
  row: Running<ListedPackageFinding>,
): Row<Collection, 'ReadPackagesCombinedV2'> {
  return {
    ...common(cid, row),
    cveid: row.vulnerability_id ?? '',
    fix_resolution: [...row.fixed_versions],
    severity: row.vulnerability_id === null ? '' : severityWord(row.severity),
    vulnerability_description: row.description,
  }
}
