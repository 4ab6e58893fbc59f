// The entry of a thread that previews policies; a bundle has it beside its main file (tools/bundle.mjs).
import type { EstatePreviewAsked } from '../../use-cases/policy-preview-estate.ts'
import { type PreviewDatabase, runPreview } from '../../use-cases/policy-preview-run.ts'
import type { TaskContext } from '../tasks/conversation.ts'
import { serveThread } from './serve-thread.ts'

/** What a thread is given. */
export interface PreviewAsked {
  readonly asked: EstatePreviewAsked
  readonly database: PreviewDatabase
}

serveThread({
  previewPolicies: ({ asked, database }: PreviewAsked, { signal }: TaskContext) =>
    runPreview(asked, database, signal),
})
