import type { Clock } from '@lanner/oci'
import type { Matched, MatchGroup } from '../../use-cases/assessment/matcher.ts'
import { TaskPool } from '../tasks/task-pool.ts'
import type { ImportAsked, MatchAsked, StoreChange, UpdateAsked } from './advisory-tasks.ts'
import { threadHosts } from './thread-host.ts'

/** Work on advisories in threads of its own: compiling a store takes seconds, matching tens of milliseconds. */
export interface AdvisoryWorker {
  importStore(asked: ImportAsked, options: WorkOptions): Promise<StoreChange>
  updateStore(asked: UpdateAsked, options: WorkOptions): Promise<StoreChange>
  /** Undefined where the folder holds another revision than the one that is asked for. */
  match(folder: string, revision: string, groups: readonly MatchGroup[]): Promise<Matched | undefined>
  warm(): void
  close(): Promise<void>
}

export interface WorkOptions {
  readonly signal: AbortSignal
  readonly onProgress: (progress: unknown) => void
}

export function advisoryWorker({ clock }: { readonly clock: Clock }): AdvisoryWorker {
  const options = { start: threadHosts({ entry: entry(), clock }), size: 1, clock }
  // Apart from each other: an image that is pushed does not wait until a store is compiled.
  const compiling = new TaskPool(options)
  const matching = new TaskPool(options)
  const compile = async (name: string, asked: unknown, { signal, onProgress }: WorkOptions) =>
    (await compiling.run(name, asked, { signal, onEvent: onProgress })) as StoreChange // By our own thread.
  return {
    importStore: (asked, more) => compile('importStore', asked, more),
    updateStore: (asked, more) => compile('updateStore', asked, more),
    async match(folder, revision, groups) {
      const asked: MatchAsked = { folder, revision, groups }
      const bytes = await matching.run('matchStored', asked)
      // Written by `matchStored` a moment ago.
      return bytes ? (JSON.parse(Buffer.from(bytes as Uint8Array).toString()) as Matched) : undefined
    },
    warm: () => matching.warm(1),
    async close() {
      await Promise.all([compiling.close(), matching.close()])
    },
  }
}

/** As a source file, or as the bundle has it. */
function entry(): URL {
  return new URL(
    import.meta.url.endsWith('.ts') ? './advisory-thread.ts' : './advisory-thread.cjs',
    import.meta.url,
  )
}
