import type { CheckedState, CheckedVerdict } from './policy-checks.ts'

type Assessed = CheckedState & { readonly state: 'assessed' }

interface Kept {
  readonly checked: CheckedVerdict
  readonly findings: string
  readonly policies: number
}

/** Verdicts and what references stand for, the latest so many of each; the longest unasked goes first. */
export class VerdictCache {
  readonly #most: number
  readonly #verdicts = new Map<string, Kept>()
  readonly #resolved = new Map<
    string,
    { readonly state: Assessed; readonly at: number; readonly epoch: number }
  >()
  readonly #epochs = new Map<string, number>()

  constructor(most: number) {
    this.#most = most
  }

  /** A verdict on the same findings and policies that time has not overtaken. `now` in milliseconds since 1970. */
  verdict(key: string, findings: string, policies: number, now: number): CheckedVerdict | undefined {
    const kept = this.#verdicts.get(key)
    if (!kept) return undefined
    const { validUntil } = kept.checked.verdict
    if (
      kept.findings !== findings ||
      kept.policies !== policies ||
      (validUntil !== undefined && now >= validUntil)
    ) {
      this.#verdicts.delete(key)
      return undefined
    }
    renew(this.#verdicts, key, kept)
    return kept.checked
  }

  keepVerdict(key: string, findings: string, policies: number, checked: CheckedVerdict): void {
    bounded(this.#verdicts, this.#most)
    this.#verdicts.set(key, { checked, findings, policies })
  }

  /** What a reference was found to stand for, not longer ago than `since` and not before a change. */
  resolved(key: string, cid: string, since: number): Assessed | undefined {
    const kept = this.#resolved.get(key)
    return kept && kept.at > since && kept.epoch === this.epoch(cid) ? kept.state : undefined
  }

  keepResolved(key: string, cid: string, epoch: number, at: number, state: Assessed): void {
    if (epoch !== this.epoch(cid)) return
    this.#resolved.delete(key)
    bounded(this.#resolved, this.#most)
    this.#resolved.set(key, { state, at, epoch })
  }

  /** How often a tenant's references were forgotten: what was asked before is not kept after. */
  epoch(cid: string): number {
    return this.#epochs.get(cid) ?? 0
  }

  forget(cid: string): void {
    this.#epochs.set(cid, this.epoch(cid) + 1)
  }
}

function renew<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key)
  map.set(key, value)
}

function bounded(map: Map<string, unknown>, most: number): void {
  while (map.size >= most) {
    const [oldest] = map.keys()
    if (oldest === undefined) return
    map.delete(oldest)
  }
}
