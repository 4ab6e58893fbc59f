import type { Failure, Result, Verdict } from '@lanner/sdk'

/** What came of asking: a verdict, or why there is none. */
export type Asked =
  | { readonly verdict: Verdict }
  | {
      readonly problem: string
      /** Whether it may be otherwise in a moment: a server that starts, a limit of calls. */
      readonly passing: boolean
      /** Milliseconds that the server asks to be left alone for. */
      readonly rest?: number
    }

export interface VerdictWait {
  /** `within`: milliseconds after which no answer is waited for any more. */
  ask(signal: AbortSignal, within: number): Promise<Asked>
  /** Milliseconds that an assessment is waited for at most; 0: it is asked once. */
  readonly wait: number
  readonly signal: AbortSignal
  /** Milliseconds, of a clock that only goes forward. */
  readonly now: () => number
  /** Resolves after so many milliseconds, or at once when the signal aborts. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>
  /** Told after each answer that does not settle it. */
  onWait?(asked: Asked): void
}

/** Milliseconds between two questions: the first, and the longest. */
const backOff = { first: 250, longest: 5_000 }
/** Milliseconds that an answer gets, however little time is left. */
const shortestCall = 15_000

/**
 * Asks until the image is assessed, or known never to be, or the time is over; gives the last answer. A server that is away
 * meanwhile is asked again, one that refuses the caller is not.
 */
export async function awaitVerdict(waiting: VerdictWait): Promise<Asked> {
  const { wait, signal, now } = waiting
  const end = now() + wait
  for (let rest = backOff.first; ; rest = Math.min(backOff.longest, rest * 2)) {
    const asked = await waiting.ask(signal, Math.max(shortestCall, end - now()))
    signal.throwIfAborted()
    const left = end - now()
    if (isSettled(asked) || left <= 0) return asked
    waiting.onWait?.(asked)
    const wanted = 'rest' in asked ? (asked.rest ?? 0) : 0
    await waiting.pause(Math.min(left, Math.max(rest, wanted)), signal)
    signal.throwIfAborted()
  }
}

/** Whether asking again would bring nothing else. */
function isSettled(asked: Asked): boolean {
  if ('problem' in asked) return !asked.passing
  return asked.verdict.state !== 'unknown' && asked.verdict.state !== 'pending'
}

/** Statuses of a server, or of what stands before it, that is busy, starting or stopping. */
const passing: ReadonlySet<number> = new Set([429, 500, 502, 503, 504])

/** What an answer of GetVerdict says. `now` in milliseconds since 1970. */
export function askedOf(result: Result<unknown>, now: number): Asked {
  if (!result.ok) return problemOf(result, now)
  const { resources } = (result.body ?? {}) as { readonly resources?: readonly unknown[] }
  const verdict = resources?.[0] as Verdict | undefined
  if (typeof verdict !== 'object' || typeof verdict?.state !== 'string' || !verdict.matched?.totals)
    return { problem: 'the answer of the server is no verdict; is it of this version?', passing: false }
  return { verdict }
}

function problemOf({ reason, status, message, headers }: Failure, now: number): Asked {
  if (reason === 'unauthorized')
    return { problem: `the server takes no such client: ${message}`, passing: false }
  if (status === 403)
    return { problem: `the client needs the scope lanner-verdicts:read: ${message}`, passing: false }
  if (reason === 'refused' || status > 0) {
    const rest = restOf(headers, now)
    return {
      problem: `the server refuses: ${message} (status ${status})`,
      passing: passing.has(status),
      ...(rest === undefined ? {} : { rest }),
    }
  }
  return { problem: `the server cannot be asked: ${message}`, passing: true }
}

/** `X-Ratelimit-Retryafter` is a Unix time, `Retry-After` seconds (RFC 9110, 10.2.3). */
function restOf(headers: Headers, now: number): number | undefined {
  const at = headers.get('x-ratelimit-retryafter')
  if (at !== null && /^\d{1,12}$/.test(at)) return Math.max(0, Number(at) * 1000 - now)
  const after = headers.get('retry-after')
  return after !== null && /^\d{1,9}$/.test(after) ? Number(after) * 1000 : undefined
}
