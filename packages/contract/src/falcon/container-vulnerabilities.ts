import { collection, get } from '../define.ts'
import {
  imageVulnerabilityFields,
  vulnerabilityCountFields,
  vulnerabilityReferenceFields,
  vulnerabilityRowFields,
} from '../fields/vulnerability.ts'
import { fql, paging, resources, sortBy, text } from '../parts.ts'
import { Count, Split } from './schemas/count.ts'
import {
  ImageVulnerability,
  PublishedVulnerability,
  VulnerabilityByImages,
  VulnerabilityInfo,
  VulnerabilityRow,
} from './schemas/vulnerability.ts'
import { imageRead } from './scopes.ts'

/** Vulnerabilities across all images, and those of one image. */
export const containerVulnerabilities = collection('falcon', 'Container Vulnerabilities', {
  ReadVulnerabilityCountByActivelyExploited: get(
    '/container-security/aggregates/vulnerabilities/count-by-actively-exploited/v1',
    {
      tier: 'neighbour',
      scope: imageRead,
      summary: 'Vulnerability counts split by whether exploitation is known.',
      snakeName: 'read_vulnerability_counts_by_active_exploited',
      query: { ...paging({ limit: 100, window: 10_000 }), filter: fql(vulnerabilityCountFields) },
      reply: resources(Count),
    },
  ),

  ReadVulnerabilityCountByCPSRating: get(
    '/container-security/aggregates/vulnerabilities/count-by-cps-rating/v1',
    {
      tier: 'neighbour',
      scope: imageRead,
      summary: 'Vulnerability counts split by the vendor exploit-prediction rating.',
      snakeName: 'read_vulnerability_counts_by_cps_rating',
      query: { ...paging({ limit: 100, window: 10_000 }), filter: fql(vulnerabilityCountFields) },
      reply: resources(Split),
    },
  ),

  ReadVulnerabilityCountByCVSSScore: get(
    '/container-security/aggregates/vulnerabilities/count-by-cvss-score/v1',
    {
      tier: 'neighbour',
      scope: imageRead,
      summary: 'Vulnerability counts split by CVSS score.',
      snakeName: 'read_vulnerability_counts_by_cvss_score',
      query: { ...paging({ limit: 100, window: 10_000 }), filter: fql(vulnerabilityCountFields) },
      reply: resources(Split),
    },
  ),

  ReadVulnerabilityCountBySeverity: get(
    '/container-security/aggregates/vulnerabilities/count-by-severity/v1',
    {
      tier: 'neighbour',
      scope: imageRead,
      summary: 'Vulnerability counts split by severity.',
      snakeName: 'read_vulnerability_counts_by_severity',
      query: { ...paging({ limit: 100, window: 10_000 }), filter: fql(vulnerabilityCountFields) },
      reply: resources(Split),
    },
  ),

  ReadVulnerabilityCount: get('/container-security/aggregates/vulnerabilities/count/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Number of vulnerabilities that match a filter.',
    query: { ...paging({ limit: 100, window: 10_000 }), filter: fql(vulnerabilityCountFields) },
    reply: resources(Count),
  }),

  ReadVulnerabilitiesByImageCount: get('/container-security/combined/vulnerabilities/by-image-count/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'CVEs that hit the most images first.',
    snakeName: 'read_vulnerabilities_by_count',
    query: { ...paging({ limit: 100, window: 10_000 }), filter: fql(vulnerabilityReferenceFields) },
    reply: resources(VulnerabilityByImages),
  }),

  ReadVulnerabilitiesPublicationDate: get(
    '/container-security/combined/vulnerabilities/by-published-date/v1',
    {
      tier: 'neighbour',
      scope: imageRead,
      summary: 'CVEs ordered by publication date, newest first.',
      snakeName: 'read_vulnerabilities_by_pub_date',
      query: { ...paging({ limit: 100, window: 10_000 }), filter: fql(vulnerabilityReferenceFields) },
      reply: resources(PublishedVulnerability),
    },
  ),

  ReadCombinedVulnerabilitiesDetails: get('/container-security/combined/vulnerabilities/details/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Vulnerabilities of one image, with package and layer.',
    snakeName: 'read_combined_vulnerability_detail',
    query: {
      ...paging({ limit: 5000, default: 5000, window: 10_000 }),
      filter: fql(imageVulnerabilityFields),
      id: text('id of the image record (uuid)', { required: true }),
    },
    reply: resources(ImageVulnerability),
    failures: { 404: 'no such image record in this account' },
    quirks: [
      'id is the uuid of a CombinedImageDetail row.',
      'cvss_score is text here, a number in ReadCombinedVulnerabilities.',
    ],
  }),

  ReadCombinedVulnerabilitiesInfo: get('/container-security/combined/vulnerabilities/info/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'What is known about one CVE, and the packages and images that have it.',
    query: { ...paging({ limit: 100, window: 10_000 }), cve_id: text('CVE name', { required: true }) },
    reply: resources(VulnerabilityInfo),
    failures: { 404: 'no image of this account has the vulnerability' },
    quirks: ['cvss_score is text.'],
  }),

  ReadCombinedVulnerabilities: get('/container-security/combined/vulnerabilities/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'One row per CVE, with impact counts.',
    query: {
      ...paging({ limit: 100, window: 10_000 }),
      filter: fql(vulnerabilityRowFields),
      sort: sortBy(vulnerabilityRowFields),
    },
    reply: resources(VulnerabilityRow),
  }),
})
