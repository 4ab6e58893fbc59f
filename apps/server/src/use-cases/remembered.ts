/** Answers of the database that are used again for a moment: many requests by one caller ask for the same row. */
export interface Remembered<Value> {
  /** At once where the answer is young enough. What is not there is never remembered. */
  get(key: string): Value | undefined | Promise<Value | undefined>
  forget(matches: (value: Value, key: string) => boolean): void
}

/** The part of its time after which an answer that is asked for is read anew. */
const renewedAfter = 0.7

interface Entry<Value> {
  value: Value
  readAt: number
}

/**
 * An answer counts for `freshFor` milliseconds: that long, at most, another process's change goes unseen. A change in this
 * process is told by `forget`, which also keeps an answer that is still on its way from being remembered.
 */
export function remembered<Value extends object>(options: {
  readonly freshFor: number
  readonly atMost: number
  readonly clock: () => number
  readonly load: (key: string) => Promise<Value | undefined>
}): Remembered<Value> {
  const { freshFor, atMost, clock, load } = options
  const entries = new Map<string, Entry<Value>>()
  const loading = new Map<string, Promise<Value | undefined>>()
  let changes = 0

  async function ask(key: string): Promise<Value | undefined> {
    const asked = changes
    const readAt = clock()
    const value = await load(key)
    if (asked !== changes) return value === undefined ? undefined : ask(key)
    entries.delete(key)
    if (value === undefined) return undefined
    if (entries.size >= atMost) {
      // The one that was read longest ago is the first of the map.
      const [oldest] = entries.keys()
      if (oldest !== undefined) entries.delete(oldest)
    }
    entries.set(key, { value, readAt })
    return value
  }

  function read(key: string): Promise<Value | undefined> {
    const answer = ask(key).finally(() => {
      if (loading.get(key) === answer) loading.delete(key)
    })
    loading.set(key, answer)
    return answer
  }

  return {
    get(key) {
      const entry = entries.get(key)
      const age = entry ? clock() - entry.readAt : freshFor
      // Of the future: the clock was set back, and the answer may be of any age.
      if (entry && age >= 0 && age < freshFor) {
        // Read anew before its time is over: of those that come then, none has to wait. What fails is asked for again.
        if (age >= freshFor * renewedAfter && !loading.has(key)) read(key).catch(() => {})
        return entry.value
      }
      return loading.get(key) ?? read(key)
    },
    forget(matches) {
      changes++
      loading.clear()
      for (const [key, { value }] of entries) if (matches(value, key)) entries.delete(key)
    },
  }
}
