import { createHash } from 'node:crypto'
import { extractorRevisions } from '@lanner/extractors/revisions'

/** Raised when the shape of what is remembered of a layer changes, or what is taken from it before any extractor. */
const format = 4

/** A short name for a set of extractors in their revisions: layers that another set read are not taken from a cache. */
export function extractorRevision(revisions: Readonly<Record<string, number>> = extractorRevisions): string {
  const text = Object.entries(revisions)
    .map(([id, revision]) => `${id}@${revision}`)
    .sort()
    .join('\n')
  return createHash('sha256').update(`${format}\n${text}`).digest('hex').slice(0, 12)
}
