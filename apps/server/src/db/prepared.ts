import { createHash } from 'node:crypto'

/** Which statements are worth a plan that the server keeps, and under which name. */
export interface Prepared {
  nameOf(text: string, values: number): string | undefined
  forget(text: string): void
}

/**
 * Stands in a text whose plan hangs on its values: how many rows a tag or a severity selects, no plan for all values can
 * know. It goes unprepared.
 */
export const plannedByValues = '/* planned by its values */'

/** A text is prepared when it comes this often: filters make many that come once. */
const worthwhile = 3
/** Each connection keeps a plan for each of these. */
export const maxPrepared = 256
const maxCounted = 4096

/** Names by the text, so that every connection, of every process, has the same name for the same statement. */
export function preparedNames(): Prepared {
  const names = new Map<string, string>()
  const counts = new Map<string, number>()
  const never = new Set<string>()
  return {
    nameOf(text, values) {
      if (values === 0 || text.includes(plannedByValues)) return undefined
      const known = names.get(text)
      if (known !== undefined) return known
      if (names.size >= maxPrepared || never.has(text)) return undefined
      const count = (counts.get(text) ?? 0) + 1
      if (count < worthwhile) {
        if (counts.size >= maxCounted) counts.clear()
        counts.set(text, count)
        return undefined
      }
      counts.delete(text)
      const name = `l${createHash('sha256').update(text).digest('hex').slice(0, 24)}`
      names.set(text, name)
      return name
    },
    forget(text) {
      names.delete(text)
      if (never.size < maxCounted) never.add(text)
    },
  }
}
