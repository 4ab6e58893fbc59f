import type { containerAlerts, Handlers, Row } from '@lanner/contract'
import type { StoredAlert } from '../../use-cases/container-alerts.ts'
import type { Services } from '../../use-cases/services.ts'
import { paged } from './pages.ts'
import { instant, severityWord } from './words.ts'

type Collection = typeof containerAlerts

/** Alerts about running containers. */
export const containerAlertsHandlers: Handlers<Collection, Services> = {
  async ReadContainerAlertsCountBySeverity({ caller, query }, { containerAlerts }) {
    const found = await containerAlerts.countBySeverity(caller.cid, query.filter)
    const counts = new Map(found.map(({ severity, count }) => [severity, count]))
    return {
      resources: [5, 4, 3, 2, 1, 0].map((rank) => ({
        label: severityWord(rank),
        count: counts.get(rank) ?? 0,
      })),
    }
  },

  async ReadContainerAlertsCount({ caller, query }, { containerAlerts }) {
    const found = await containerAlerts.countBySeverity(caller.cid, query.filter)
    const count = found.reduce((sum, each) => sum + each.count, 0)
    return { resources: [{ label: 'container_alerts', count }] }
  },

  async SearchAndReadContainerAlerts({ caller, query }, { containerAlerts }) {
    return paged(query, await containerAlerts.list(caller.cid, query), alertRow)
  },
}

function alertRow(alert: StoredAlert): Row<Collection, 'SearchAndReadContainerAlerts'> {
  return {
    containers_impacted_count: String(alert.container_ids.length),
    containers_impacted_ids: [...alert.container_ids],
    detection_description: alert.description,
    detection_event_simple_name: alert.event_name,
    detection_name: alert.name,
    first_seen_timestamp: instant(alert.first_seen),
    last_seen_timestamp: instant(alert.last_seen),
    severity: severityWord(alert.severity),
  }
}
