import { driftIndicators } from '../../../packages/contract/src/index.ts'
import { examplesOf } from '../example.ts'

export const driftIndicatorsExamples = examplesOf(driftIndicators, 'drift-indicators', {
  GetDriftIndicatorsValuesByDate: () => ({ query: { limit: 2 } }),
  ReadDriftIndicatorsCount: () => ({ query: { filter: 'prevented:false' } }),
  SearchAndReadDriftIndicatorEntities: () => ({
    query: { filter: "namespace:'shop'", sort: 'occurred_at.desc' },
  }),
  ReadDriftIndicatorEntities: async ({ ask }) => ({
    query: { ids: await ask(driftIndicators, 'SearchDriftIndicators') },
  }),
  SearchDriftIndicators: () => ({ query: { filter: "severity:>='Medium'" } }),
})
