import { Type } from 'typebox'
import { collection, get } from '../define.ts'
import { driftIndicatorFields } from '../fields/drift-indicator.ts'
import { fql, integer, list, paging, resources, sortBy } from '../parts.ts'
import { LabelledCount, Split } from './schemas/count.ts'
import { DriftIndicator } from './schemas/drift-indicator.ts'
import { imageRead } from './scopes.ts'

/** Programs that ran in a container and that its image does not have. */
export const driftIndicators = collection('falcon', 'Drift Indicators', {
  GetDriftIndicatorsValuesByDate: get('/container-security/aggregates/drift-indicators/count-by-date/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Drift indicator counts per date.',
    snakeName: 'get_drift_indicators_by_date',
    query: {
      filter: fql(driftIndicatorFields),
      limit: integer('largest number of records to return', { minimum: 1, maximum: 10_000, default: 100 }),
    },
    reply: resources(Split),
  }),

  ReadDriftIndicatorsCount: get('/container-security/aggregates/drift-indicators/count/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Number of drift indicators.',
    snakeName: 'read_drift_indicator_counts',
    query: { filter: fql(driftIndicatorFields) },
    reply: resources(LabelledCount),
    quirks: ['label stands beside count.'],
  }),

  SearchAndReadDriftIndicatorEntities: get('/container-security/combined/drift-indicators/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Drift indicators (new binaries run in a container that its image did not contain).',
    snakeName: 'search_and_read_drift_indicators',
    query: {
      ...paging({ limit: 100, window: 10_000 }),
      filter: fql(driftIndicatorFields),
      sort: sortBy(driftIndicatorFields),
    },
    reply: resources(DriftIndicator),
  }),

  ReadDriftIndicatorEntities: get('/container-security/entities/drift-indicators/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Drift indicators by id.',
    query: { ids: list('drift indicator ids', { maximumItems: 100 }) },
    reply: resources(DriftIndicator),
  }),

  SearchDriftIndicators: get('/container-security/queries/drift-indicators/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Ids of drift indicators.',
    query: {
      ...paging({ limit: 100, window: 10_000 }),
      filter: fql(driftIndicatorFields),
      sort: sortBy(driftIndicatorFields),
    },
    reply: resources(Type.String()),
  }),
})
