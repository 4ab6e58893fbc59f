import type { Handlers } from '@lanner/contract'
import type { status } from '@lanner/contract/lanner'
import type { Services } from '../../use-cases/services.ts'

export const statusHandlers: Handlers<typeof status, Services> = {
  async GetServerStatus({ caller }, { status }) {
    const { startedAt, advisories, storage, ...rest } = await status.of(caller.cid)
    return {
      resources: [
        {
          ...rest,
          cid: caller.cid,
          started_at: startedAt.toISOString(),
          advisories: { state: advisories.state, revision: advisories.revision ?? null },
          storage: { bytes: storage.bytes, quota: storage.quota ?? null },
        },
      ],
    }
  },
}
