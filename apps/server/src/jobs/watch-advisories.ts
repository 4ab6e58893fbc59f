import type { Advisories } from '../use-cases/advisories.ts'

/** Milliseconds between two looks: a few bytes are read. */
const lookEvery = 10_000

/** Looks now and then for advisories that came into the folder by another way than through this server. Gives what ends it. */
export function watchAdvisories(
  advisories: Pick<Advisories, 'lookAgain'>,
  { failed, every = lookEvery }: { readonly failed: (error: unknown) => void; readonly every?: number },
): () => void {
  let looking = false
  let failing = false
  const timer = setInterval(async () => {
    if (looking) return
    looking = true
    try {
      await advisories.lookAgain()
      failing = false
    } catch (error) {
      // A store that is damaged stays so for a while.
      if (!failing) failed(error)
      failing = true
    } finally {
      looking = false
    }
  }, every)
  timer.unref()
  return () => clearInterval(timer)
}
