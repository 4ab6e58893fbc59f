import type { containerVulnerabilities, Handlers, Row } from '@lanner/contract'
import { packageKind } from '@lanner/contract/fields'
import type { ImageVulnerability } from '../../use-cases/image-vulnerabilities.ts'
import type { Services } from '../../use-cases/services.ts'
import type { VulnerabilityInList } from '../../use-cases/vulnerabilities.ts'
import { paged, pageOfOne } from './pages.ts'
import { cpsWord, exploitedWord, instant, severityWord } from './words.ts'

type Collection = typeof containerVulnerabilities

/** Vulnerabilities of all images and of one. */
export const containerVulnerabilitiesHandlers: Handlers<Collection, Services> = {
  async ReadVulnerabilityCountByActivelyExploited({ caller, query }, { vulnerabilities }) {
    const counts = countsOf(await vulnerabilities.countBy(caller.cid, 'exploited', query.filter))
    return pageOfOne(query, { count: counts.get(1) ?? 0 })
  },

  async ReadVulnerabilityCountByCPSRating({ caller, query }, { vulnerabilities }) {
    const counts = countsOf(await vulnerabilities.countBy(caller.cid, 'cps_rating', query.filter))
    const buckets = [4, 3, 2, 1].map((rank) => ({ label: cpsWord(rank), count: counts.get(rank) ?? 0 }))
    return pageOfOne(query, { name: 'cps_rating', buckets })
  },

  async ReadVulnerabilityCountByCVSSScore({ caller, query }, { vulnerabilities }) {
    const counts = countsOf(await vulnerabilities.countBy(caller.cid, 'cvss_score', query.filter))
    const buckets = scoreBands.map(({ label, scores }) => ({
      label,
      count: scores.reduce<number>((sum, score) => sum + (counts.get(score) ?? 0), 0),
    }))
    return pageOfOne(query, { name: 'cvss_score', buckets })
  },

  async ReadVulnerabilityCountBySeverity({ caller, query }, { vulnerabilities }) {
    const counts = countsOf(await vulnerabilities.countBy(caller.cid, 'severity', query.filter))
    const buckets = [5, 4, 3, 2, 1, 0].map((rank) => ({
      label: severityWord(rank),
      count: counts.get(rank) ?? 0,
    }))
    return pageOfOne(query, { name: 'severity', buckets })
  },

  async ReadVulnerabilityCount({ caller, query }, { vulnerabilities }) {
    return pageOfOne(query, { count: await vulnerabilities.count(caller.cid, query.filter) })
  },

  async ReadVulnerabilitiesByImageCount({ caller, query }, { vulnerabilities }) {
    return paged(query, await vulnerabilities.list(caller.cid, query, 'images'), byImagesRow)
  },

  async ReadVulnerabilitiesPublicationDate({ caller, query }, { vulnerabilities }) {
    return paged(query, await vulnerabilities.list(caller.cid, query, 'published'), publishedRow)
  },

  async ReadCombinedVulnerabilitiesDetails({ caller, query }, { vulnerabilities }) {
    return paged(query, await vulnerabilities.ofImage(caller.cid, query.id, query), imageRow)
  },

  async ReadCombinedVulnerabilitiesInfo({ caller, query }, { vulnerabilities }) {
    return pageOfOne(query, infoRow(await vulnerabilities.get(caller.cid, query.cve_id)))
  },

  async ReadCombinedVulnerabilities({ caller, query }, { vulnerabilities }) {
    return paged(query, await vulnerabilities.list(caller.cid, query), combinedRow)
  },
}

/** CVSS v3's bands by the whole part of the score: -1 is exactly 0, null no score at all. */
const scoreBands: readonly { readonly label: string; readonly scores: readonly (number | null)[] }[] = [
  { label: '9.0-10.0', scores: [9, 10] },
  { label: '7.0-8.9', scores: [7, 8] },
  { label: '4.0-6.9', scores: [4, 5, 6] },
  { label: '0.1-3.9', scores: [0, 1, 2, 3] },
  { label: '0.0', scores: [-1] },
  { label: 'Unknown', scores: [null] },
]

function countsOf<Value>(
  buckets: readonly { readonly value: Value; readonly count: number }[],
): ReadonlyMap<Value, number> {
  return new Map(buckets.map(({ value, count }) => [value, count]))
}

function byImagesRow(row: VulnerabilityInList): Row<Collection, 'ReadVulnerabilitiesByImageCount'> {
  return {
    cve_id: row.vulnerability_id,
    images_impacted: row.images,
    product: [...new Set(row.affected.map(({ name }) => name))],
    severity: severityWord(row.severity),
  }
}

function publishedRow(row: VulnerabilityInList): Row<Collection, 'ReadVulnerabilitiesPublicationDate'> {
  return {
    cve_id: row.vulnerability_id,
    containers_impacted: row.containers,
    cvss_score: row.cvss_score ?? 0,
    images_impacted: row.images,
    published_date: row.published ? instant(row.published) : '',
    severity: severityWord(row.severity),
  }
}

function combinedRow(row: VulnerabilityInList): Row<Collection, 'ReadCombinedVulnerabilities'> {
  return {
    ai_related: row.affected.some((pack) => pack.ai_related),
    containers_impacted: row.containers,
    cps_current_rating: cpsWord(row.cps_rating),
    cve_id: row.vulnerability_id,
    cvss_score: row.cvss_score ?? 0,
    description: row.description ?? row.title ?? '',
    exploit_found: row.exploited,
    exploited_status: row.exploited ? 90 : 0,
    exploited_status_string: exploitedWord(row.exploited),
    images_impacted: row.images,
    packages_impacted: row.packages,
    published_date: row.published ? instant(row.published) : '',
    remediation_available: row.fixed,
    severity: severityWord(row.severity),
  }
}

function infoRow(row: VulnerabilityInList): Row<Collection, 'ReadCombinedVulnerabilitiesInfo'> {
  return {
    cps_current_rating: cpsWord(row.cps_rating),
    cve_id: row.vulnerability_id,
    cvss_score: scoreText(row.cvss_score),
    description: row.description ?? row.title ?? '',
    exploit_found: String(row.exploited),
    exploited_status_string: exploitedWord(row.exploited),
    images_impacted: row.images,
    packages: row.affected.map((pack) => ({
      package_fixed_version: pack.fixed_versions.join(', '),
      package_name_version: `${pack.name} ${pack.version}`,
      package_os_version: packageKind(pack.type) === 'OS' ? pack.distribution : '',
      package_remediation:
        pack.fixed_versions.length > 0 ? `Update ${pack.name} to ${pack.fixed_versions.join(' or ')}` : '',
      package_type: packageKind(pack.type),
    })),
    published_date: row.published ? instant(row.published) : '',
    severity: severityWord(row.severity),
    // No source of ours names any.
    threat_actors: [],
  }
}

function imageRow(row: ImageVulnerability): Row<Collection, 'ReadCombinedVulnerabilitiesDetails'> {
  return {
    cps_current_rating: cpsWord(row.cps_rating),
    cve_id: row.vulnerability_id,
    cvss_score: scoreText(row.cvss_score),
    exploited_status: row.exploited ? 90 : 0,
    layer_command: row.command,
    layer_index: row.layer,
    package_name_version: `${row.name} ${row.version}`,
    package_path: row.path,
    remediation_available: row.fixed,
    severity: severityWord(row.severity),
  }
}

/** `7.5`, and '' where there is no score. */
function scoreText(score: number | null): string {
  return score === null ? '' : score.toFixed(1)
}
