import { containerPackages } from '../../../packages/contract/src/index.ts'
import { examplesOf } from '../example.ts'

export const containerPackagesExamples = examplesOf(containerPackages, 'container-packages', {
  ReadPackagesByImageCount: () => ({ query: { limit: 2 } }),
  ReadPackagesCountByZeroDay: () => ({}),
  ReadPackagesByFixableVulnCount: () => ({ query: { limit: 2 } }),
  ReadPackagesByVulnCount: () => ({ query: { limit: 2 } }),
  ReadPackagesCombinedExport: () => ({ query: { filter: "cveid:'CVE-2019-10744'" } }),
  ReadPackagesCombined: () => ({ query: { filter: "type:'NODE'+severity:'Critical'" } }),
  ReadPackagesCombinedV2: () => ({ query: { filter: "package_name_version:'libexpat1*'" } }),
})
