import type { Checked } from '@lanner/fql'

/** Lists that were found to have as many rows as pages reach: nobody counts those again for a moment. */
export interface FullLists {
  has(cid: string, filter: Checked | undefined): boolean
  note(cid: string, filter: Checked | undefined): void
}

/** Milliseconds that a list counts as full: that long its total may be said to be the bound after rows went away. */
export const fullFor = 5_000
const atMost = 1_000

/**
 * Counting to the bound costs more than reading a page, and is asked for with every page. Only what reached the bound is kept:
 * a total below it is always counted.
 */
export function fullLists(now: () => Date): FullLists {
  const seen = new Map<string, number>()
  return {
    has(cid, filter) {
      const at = seen.get(keyOf(cid, filter))
      return at !== undefined && now().getTime() - at < fullFor
    },
    note(cid, filter) {
      const key = keyOf(cid, filter)
      seen.delete(key)
      const [oldest] = seen.keys()
      if (oldest !== undefined && seen.size >= atMost) seen.delete(oldest)
      seen.set(key, now().getTime())
    },
  }
}

function keyOf(cid: string, filter: Checked | undefined): string {
  const written = filter
    ? JSON.stringify(filter, (name, value) => (name === 'facts' ? undefined : value))
    : ''
  return `${cid} ${written}`
}
