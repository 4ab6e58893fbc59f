import type { Handlers } from '@lanner/contract'
import type { vex } from '@lanner/contract/lanner'
import type { PolicyServices } from '../../use-cases/policy-services.ts'
import type { VexImport } from '../../use-cases/vex.ts'

/** Refusals of one statement that are told one by one. */
const mostRefusals = 10

export const vexHandlers: Handlers<typeof vex, PolicyServices> = {
  async ImportVex({ caller, body, origin }, { vex }) {
    const { document, name, dry_run: dryRun = false, keep_unmatched: keepUnmatched = false } = body
    const host = hostOf(origin.url)
    const imported = await vex.import(caller, document, { dryRun, keepUnmatched, host })
    return { resources: [{ ...toReport(imported), name: name ?? null, dry_run: dryRun }] }
  },

  async ExportVex({ caller, query, origin }, { vex }) {
    const { pushed, ...image } = query
    const selection = pushed ? { ...image, registry: '' } : image
    const { document, statements, leftOut } = await vex.export(caller.cid, selection, hostOf(origin.url))
    return { resources: [{ document, statements, left_out: [...leftOut] }] }
  },
}

/** What a client calls this server by may be no address at all. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? ''
}

function toReport({ document, statements, created, withdrawn }: VexImport) {
  const { id, format, version, author } = document
  return {
    document_id: id,
    format,
    version,
    author,
    statements: statements.map(({ statement, vulnerability, status, taken, exclusions, refusals }) => ({
      statement,
      vulnerability,
      status: status ?? null,
      taken,
      exclusions: [...exclusions],
      not_taken: refusals.length,
      refusals: refusals.slice(0, mostRefusals).map(({ product, reason, message }) => ({
        product: product ?? null,
        reason,
        message,
      })),
    })),
    statements_taken: statements.filter(({ taken }) => taken > 0).length,
    exclusions_created: created.map(({ id }) => id),
    exclusions_withdrawn: withdrawn.map(({ id }) => id),
  }
}
