import { unidentifiedContainers } from '../../../packages/contract/src/index.ts'
import { examplesOf } from '../example.ts'

export const unidentifiedContainersExamples = examplesOf(unidentifiedContainers, 'unidentified-containers', {
  ReadUnidentifiedContainersByDateRangeCount: () => ({}),
  ReadUnidentifiedContainersCount: () => ({}),
  SearchAndReadUnidentifiedContainers: () => ({
    query: { filter: "cluster_name:'west'", sort: 'last_seen.desc' },
  }),
})
