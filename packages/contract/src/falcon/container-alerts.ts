import { collection, get } from '../define.ts'
import { containerAlertCountFields, containerAlertRowFields } from '../fields/container-alert.ts'
import { fql, paging, resources, sortBy } from '../parts.ts'
import { ContainerAlert } from './schemas/container-alert.ts'
import { LabelledCount } from './schemas/count.ts'
import { imageRead } from './scopes.ts'

/** Alerts about running containers. */
export const containerAlerts = collection('falcon', 'Container Alerts', {
  ReadContainerAlertsCountBySeverity: get(
    '/container-security/aggregates/container-alerts/count-by-severity/v1',
    {
      tier: 'neighbour',
      scope: imageRead,
      summary: 'Container alert counts split by severity.',
      snakeName: 'read_counts_by_severity',
      query: { filter: fql(containerAlertCountFields) },
      reply: resources(LabelledCount),
      quirks: ['A flat list of label and count, without buckets.'],
    },
  ),

  ReadContainerAlertsCount: get('/container-security/aggregates/container-alerts/count/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Number of container alerts.',
    snakeName: 'read_counts',
    query: { filter: fql(containerAlertCountFields) },
    reply: resources(LabelledCount),
    quirks: ['label stands beside count.'],
  }),

  SearchAndReadContainerAlerts: get('/container-security/combined/container-alerts/v1', {
    tier: 'neighbour',
    scope: imageRead,
    summary: 'Container alerts.',
    snakeName: 'search_and_read',
    query: {
      ...paging({ limit: 100, window: 10_000 }),
      filter: fql(containerAlertRowFields),
      sort: sortBy(containerAlertRowFields),
    },
    reply: resources(ContainerAlert),
  }),
})
