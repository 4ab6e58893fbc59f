import type { driftIndicators, Handlers, Row } from '@lanner/contract'
import type { StoredDrift } from '../../use-cases/drift-indicators.ts'
import type { Services } from '../../use-cases/services.ts'
import { paged } from './pages.ts'
import { listOf, textsOf } from './runtime-detection-row.ts'
import { instant, severityWord } from './words.ts'

type Collection = typeof driftIndicators

/** Programs that ran in containers and that their images do not have. */
export const driftIndicatorsHandlers: Handlers<Collection, Services> = {
  async GetDriftIndicatorsValuesByDate({ caller, query }, { driftIndicators }) {
    const days = await driftIndicators.countByDay(caller.cid, query.limit, query.filter)
    const buckets = days.map(({ day, count }) => ({ label: day, count }))
    return { resources: [{ name: 'drift_indicators', buckets }] }
  },

  async ReadDriftIndicatorsCount({ caller, query }, { driftIndicators }) {
    const count = await driftIndicators.count(caller.cid, query.filter)
    return { resources: [{ label: 'drift_indicators', count }] }
  },

  async SearchAndReadDriftIndicatorEntities({ caller, query }, { driftIndicators }) {
    const page = await driftIndicators.list(caller.cid, query)
    return paged(query, page, (drift) => driftRow(caller.cid, drift))
  },

  async ReadDriftIndicatorEntities({ caller, query }, { driftIndicators }) {
    const found = await driftIndicators.get(caller.cid, query.ids ?? [])
    return { resources: found.map((drift) => driftRow(caller.cid, drift)) }
  },

  async SearchDriftIndicators({ caller, query }, { driftIndicators }) {
    return paged(query, await driftIndicators.list(caller.cid, query), ({ indicator_id }) => indicator_id)
  },
}

function driftRow(cid: string, drift: StoredDrift): Row<Collection, 'SearchAndReadDriftIndicatorEntities'> {
  const {
    facts,
    indicator_id,
    occurred_at,
    severity,
    file_sha256,
    worker_node_name: _node,
    ...columns
  } = drift
  return {
    ...textsOf(facts, [
      'agent_id',
      'aid',
      'computer_name',
      'detection_description',
      'detection_name',
      'pod_id',
      'prevention_status_string',
    ]),
    ...columns,
    cid,
    detection_id: indicator_id,
    occurred_at: instant(occurred_at),
    prevention_status: listOf(facts['prevention_status']),
    severity: severityWord(severity),
    sha256: file_sha256,
    timestamp: instant(occurred_at),
  }
}
