/**
 * The retained content of one file: the inflated chunks as they came by, never joined unless somebody asks for a range
 * that crosses two of them. Files larger than an extractor's bound are retained in windows only (see `Wants`).
 */
export interface Bytes {
  /** Size of the file in bytes, retained or not. */
  readonly size: number
  /** Whether every byte is retained. */
  readonly complete: boolean
  /** Whether this range is retained. */
  has(start: number, end: number): boolean
  /**
   * Bytes `start` to `end` (exclusive, clamped to the file). A view where one chunk holds them, a copy otherwise.
   * Throws `ExtractFault` `not-retained` for a range that was let go.
   */
  slice(start: number, end?: number): Buffer
  /** Offset of the first occurrence at or after `from` and wholly before `to`, in retained bytes; -1 if none. */
  indexOf(pattern: Buffer, from?: number, to?: number): number
  /** The whole content as UTF-8, a byte order mark removed. Throws `ExtractFault` `limit-exceeded` above 64 MiB. */
  text(): string
}
