import type { Handlers } from '@lanner/contract'
import type { events } from '@lanner/contract/lanner'
import type { Services } from '../../use-cases/services.ts'

export const eventHandlers: Handlers<typeof events, Services> = {
  async ListEvents({ query, caller }, { changeEvents }) {
    const { after, limit, kind, vulnerability, image_digest } = query
    const found = await changeEvents.list(caller.cid, {
      limit,
      ...(after === undefined ? {} : { after }),
      ...(kind === undefined ? {} : { kinds: kind }),
      ...(vulnerability === undefined ? {} : { vulnerability }),
      ...(image_digest === undefined ? {} : { digest: image_digest }),
    })
    return {
      resources: found.map((event) => ({
        id: String(event.event_id),
        at: event.at.toISOString(),
        kind: event.kind,
        vulnerability: event.vulnerability_id,
        image_digest: event.digest,
        package: event.package,
        before: event.before,
        after: event.after,
      })),
    }
  },
}
