import { formatImageName, type ImageAnswer, type ImageName } from '@lanner/admission'
import type { AdmissionMetrics } from './metrics.ts'
import type { VerdictCache } from './verdict-cache.ts'
import type { VerdictSource } from './verdict-source.ts'

/** Questions to the platform at the same time; more wait. */
const mostQuestions = 32

export interface RememberedVerdicts extends VerdictSource {
  /** Why the platform could not be asked the last time; absent where it could. */
  readonly problem: string | undefined
}

/** Asks once for who asks for the same at the same time, and not for what is remembered. */
export function rememberedVerdicts(ports: {
  readonly source: VerdictSource
  readonly cache: VerdictCache
  readonly metrics: AdmissionMetrics
  /** Milliseconds for one question, however many wait for its answer. */
  readonly timeout: number
}): RememberedVerdicts {
  const { source, cache, metrics, timeout } = ports
  const running = new Map<string, Promise<ImageAnswer>>()
  const waiting: (() => void)[] = []
  let free = mostQuestions
  let problem: string | undefined

  async function question(key: string, name: ImageName): Promise<ImageAnswer> {
    const signal = AbortSignal.timeout(timeout)
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      // Whoever asked has gone on without it.
      if (signal.aborted) return late
      const answer = await source.ask(name, signal)
      if (answer.kind === 'verdict') cache.keep(key, answer.verdict)
      problem = answer.kind === 'unanswered' ? answer.problem : undefined
      return answer
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }

  return {
    get problem() {
      return problem
    },
    async ask(name, signal) {
      const key = formatImageName(name)
      const fresh = cache.fresh(key)
      if (fresh) {
        metrics.asked('hit')
        return { kind: 'verdict', verdict: fresh }
      }
      let asked = running.get(key)
      if (!asked) {
        asked = question(key, name).finally(() => running.delete(key))
        running.set(key, asked)
      }
      const answer = await unlessAborted(asked, signal)
      const known = answer.kind === 'unanswered' ? cache.lastKnown(key) : undefined
      metrics.asked(known ? 'last-known' : 'miss')
      return known ? { kind: 'verdict', ...known } : answer
    },
  }
}

const late: ImageAnswer = { kind: 'unanswered', problem: 'the platform did not answer in time' }

async function unlessAborted(asked: Promise<ImageAnswer>, signal: AbortSignal): Promise<ImageAnswer> {
  if (signal.aborted) return late
  let stop = (): void => {}
  const given = new Promise<ImageAnswer>((resolve) => {
    stop = () => resolve(late)
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([asked, given])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
