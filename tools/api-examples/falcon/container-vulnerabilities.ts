import { containerImages, containerVulnerabilities } from '../../../packages/contract/src/index.ts'
import { examplesOf } from '../example.ts'

export const containerVulnerabilitiesExamples = examplesOf(
  containerVulnerabilities,
  'container-vulnerabilities',
  {
    ReadVulnerabilityCountByActivelyExploited: () => ({}),
    ReadVulnerabilityCountByCPSRating: () => ({}),
    ReadVulnerabilityCountByCVSSScore: () => ({}),
    ReadVulnerabilityCountBySeverity: () => ({ query: { filter: "repository:'shop/checkout'" } }),
    ReadVulnerabilityCount: () => ({ query: { filter: 'cvss_score:>=7' } }),
    ReadVulnerabilitiesByImageCount: () => ({ query: { filter: "cve_id:'CVE-2024-4549*'", limit: 2 } }),
    ReadVulnerabilitiesPublicationDate: () => ({ query: { limit: 2 } }),
    ReadCombinedVulnerabilitiesDetails: async ({ ask }) => {
      const [{ uuid }] = await ask(containerImages, 'CombinedImageDetail', {
        query: { filter: "repository:'shop/checkout'+tag:'1.8.2'" },
      })
      return { query: { id: uuid, filter: "cve_id:'CVE-2021-44228'" } }
    },
    ReadCombinedVulnerabilitiesInfo: () => ({ query: { cve_id: 'CVE-2021-44228' } }),
    ReadCombinedVulnerabilities: () => ({
      query: { filter: "severity:'Critical'", sort: 'cvss_score.desc' },
    }),
  },
)
