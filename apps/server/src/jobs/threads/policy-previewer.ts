import type { Clock } from '@lanner/oci'
import type { Preview } from '@lanner/policy'
import type { EstatePreviewAsked } from '../../use-cases/policy-preview-estate.ts'
import type { PreviewDatabase } from '../../use-cases/policy-preview-run.ts'
import { TaskPool } from '../tasks/task-pool.ts'
import type { PreviewAsked } from './preview-thread.ts'
import { threadHosts } from './thread-host.ts'

/**
 * Judges all images of a tenant in a thread, one preview at a time: it is seconds of computing, and of reading rows, which the
 * event loop of the API cannot spare. Not in a process, which would have to be told the database's password.
 */
export interface PolicyPreviewer {
  judge(asked: EstatePreviewAsked, signal: AbortSignal): Promise<Preview>
  close(): Promise<void>
}

export function policyPreviewer({
  database,
  clock,
}: {
  readonly database: () => PreviewDatabase
  readonly clock: Clock
}): PolicyPreviewer {
  const open = () => new TaskPool({ start: threadHosts({ entry: entry(), clock }), size: 1, clock })
  let pool = open()
  let asking = 0
  let closed = false
  return {
    async judge(asked, signal) {
      asking++
      try {
        const payload: PreviewAsked = { asked, database: database() }
        return (await pool.run('previewPolicies', payload, { signal })) as Preview // By our own thread.
      } finally {
        asking--
        // Previews are rare, and a thread that has nothing to do keeps its memory.
        if (asking === 0 && !closed) {
          const idle = pool
          pool = open()
          await idle.close()
        }
      }
    },
    async close() {
      closed = true
      await pool.close()
    },
  }
}

/** As a source file, or as the bundle has it. */
function entry(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './preview-thread.ts' : './preview-thread.cjs',
    import.meta.url,
  )
}
