import { containerAlerts } from '../../../packages/contract/src/index.ts'
import { examplesOf } from '../example.ts'

export const containerAlertsExamples = examplesOf(containerAlerts, 'container-alerts', {
  ReadContainerAlertsCountBySeverity: () => ({}),
  ReadContainerAlertsCount: () => ({ query: { filter: "last_seen:>'2026-01-01'" } }),
  SearchAndReadContainerAlerts: () => ({ query: { filter: "severity:'High'", sort: 'last_seen.desc' } }),
})
