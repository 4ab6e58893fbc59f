import type { Handlers } from '@lanner/contract'
import type { advisories } from '@lanner/contract/lanner'
import type { Services } from '../../use-cases/services.ts'

export const advisoryHandlers: Handlers<typeof advisories, Services> = {
  async GetAdvisoryStatus(_, { advisories }) {
    const status = await advisories.status()
    return {
      resources: [
        {
          state: status.state,
          revision: status.revision ?? null,
          changed_at: status.changedAt?.toISOString() ?? null,
          applied: status.applied,
          next_update: status.nextUpdate?.toISOString() ?? null,
          job_id: status.job ?? null,
          sources: status.sources.map(({ source, checked, newest, hours, stale, message }) => ({
            source,
            checked: checked ?? null,
            newest: newest ?? null,
            hours: hours ?? null,
            stale,
            message,
          })),
        },
      ],
    }
  },

  async UpdateAdvisories(_, { advisories }) {
    return { resources: [{ job_id: await advisories.requestUpdate() }] }
  },

  async ImportAdvisories({ body }, { advisories }) {
    return { resources: [{ job_id: await advisories.requestImport(body.directory) }] }
  },
}
