import { collection, get } from '../define.ts'
import { unidentifiedContainerFields } from '../fields/unidentified-container.ts'
import { fql, paging, resources, sortBy } from '../parts.ts'
import { LabelledCount, Split } from './schemas/count.ts'
import { UnidentifiedContainer } from './schemas/unidentified-container.ts'
import { imageRead } from './scopes.ts'

/** Running containers whose image was never assessed. */
export const unidentifiedContainers = collection('falcon', 'Unidentified Containers', {
  ReadUnidentifiedContainersByDateRangeCount: get(
    '/container-security/aggregates/unidentified-containers/count-by-date/v1',
    {
      tier: 'neighbour',
      scope: imageRead,
      summary: 'Unidentified container counts per date.',
      snakeName: 'read_count_by_date_range',
      alsoCalled: ['CountByDateRange'],
      query: { filter: fql(unidentifiedContainerFields) },
      reply: resources(Split),
    },
  ),

  ReadUnidentifiedContainersCount: get('/container-security/aggregates/unidentified-containers/count/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Number of containers whose image was never assessed.',
    snakeName: 'read_count',
    alsoCalled: ['Count'],
    query: { filter: fql(unidentifiedContainerFields) },
    reply: resources(LabelledCount),
    quirks: ['label stands beside count.'],
  }),

  SearchAndReadUnidentifiedContainers: get('/container-security/combined/unidentified-containers/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Containers whose image was never assessed.',
    snakeName: 'search_and_read',
    alsoCalled: ['Search'],
    query: {
      ...paging({ limit: 100, window: 10_000 }),
      filter: fql(unidentifiedContainerFields),
      sort: sortBy(unidentifiedContainerFields),
    },
    reply: resources(UnidentifiedContainer),
  }),
})
