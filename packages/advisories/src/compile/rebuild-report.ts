import type { Refusal } from '../sources/source.ts'

/** What became of one source: `osv/Debian`, `epss`, `kev`. */
export interface SourceReport {
  readonly source: string
  /** In the store now; withdrawn ones are among them. */
  readonly records: number
  readonly withdrawn: number
  /** Records or rows that could not be read, all of them counted and the first twenty named. */
  readonly refused: number
  readonly refusals: readonly Refusal[]
  /** Why the source was not taken; what the store had of it stays. */
  readonly failed?: string
}

/** What the store holds now, source by source. */
export interface RebuildReport {
  readonly revision: string
  readonly records: number
  readonly entries: number
  readonly bytes: number
  readonly sources: readonly SourceReport[]
}
