import type { CheckedState, CheckedVerdict } from './policy-checks.ts'

type Assessed = CheckedState & { readonly state: 'assessed' }

interface Kept {
  readonly checked: CheckedVerdict
  readonly findings: string
  readonly policies: number
  readonly weight: number
}

/** Bounds of what is remembered. */
export interface VerdictCacheLimits {
  /** Verdicts, and references. */
  readonly most: number
  /** Findings, packages and detections that verdicts tell of, in all of them together, and the packages of the findings. */
  readonly rows: number
}

/** Verdicts and what references stand for, within bounds; the longest unasked goes first. */
export class VerdictCache {
  readonly #limits: VerdictCacheLimits
  #rows = 0
  readonly #verdicts = new Map<string, Kept>()
  readonly #resolved = new Map<
    string,
    { readonly state: Assessed; readonly at: number; readonly epoch: number }
  >()
  readonly #epochs = new Map<string, number>()

  constructor(limits: VerdictCacheLimits) {
    this.#limits = limits
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
      this.#drop(key)
      return undefined
    }
    this.#verdicts.delete(key)
    this.#verdicts.set(key, kept)
    return kept.checked
  }

  keepVerdict(key: string, findings: string, policies: number, checked: CheckedVerdict): void {
    this.#drop(key)
    const weight = rowsOf(checked)
    const { most, rows } = this.#limits
    if (weight > rows) return
    while (this.#verdicts.size >= most || this.#rows + weight > rows) this.#drop(oldest(this.#verdicts))
    this.#verdicts.set(key, { checked, findings, policies, weight })
    this.#rows += weight
  }

  #drop(key: string | undefined): void {
    if (key === undefined) return
    this.#rows -= this.#verdicts.get(key)?.weight ?? 0
    this.#verdicts.delete(key)
  }

  /** What a reference was found to stand for, not longer ago than `since` and not before a change. */
  resolved(key: string, cid: string, since: number): Assessed | undefined {
    const kept = this.#resolved.get(key)
    return kept && kept.at > since && kept.epoch === this.epoch(cid) ? kept.state : undefined
  }

  keepResolved(key: string, cid: string, epoch: number, at: number, state: Assessed): void {
    if (epoch !== this.epoch(cid)) return
    this.#resolved.delete(key)
    while (this.#resolved.size >= this.#limits.most) this.#resolved.delete(oldest(this.#resolved) ?? '')
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

function oldest(map: ReadonlyMap<string, unknown>): string | undefined {
  const [key] = map.keys()
  return key
}

function rowsOf({ verdict: { matched, excluded }, packages }: CheckedVerdict): number {
  const lists = [matched.findings, matched.packages, matched.detections]
  const others = [excluded.findings, excluded.packages, excluded.detections]
  return [...lists, ...others].reduce((sum, list) => sum + list.length, packages.size)
}
