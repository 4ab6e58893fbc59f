/** A tar entry as the layer walk sees it, its path cleaned. Matches `TarEntry` of the layer reader. */
export interface LayerEntry {
  readonly path: string
  readonly type: string
  /** Cleaned target of a hard link. */
  readonly link?: string
  readonly mode: number
  readonly size: number
}

/** Takes a body as it streams by; matches the layer reader's sink. */
export interface BodySink {
  /** Answers `false` where no view of the part is kept until `end`. */
  write(part: Buffer, offset: number): boolean
  end(): void
}
