/** What happened in this process that a worker may want to know before it next asks the database. */
export type JobNews = 'enqueued' | 'cancelled'

const listeners = new Set<(news: JobNews) => void>()

/**
 * Tells the workers of this process that there may be something to do. Only a hint, given before the transaction commits:
 * whoever hears it looks a few times, and workers of other processes find the same in their next round.
 */
export function ringJobBell(news: JobNews): void {
  for (const listener of listeners) listener(news)
}

/** Hears the bell until the answer is called. */
export function onJobBell(listener: (news: JobNews) => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}
