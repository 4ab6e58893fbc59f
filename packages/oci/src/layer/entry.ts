/** One entry of a tar archive, with GNU and PAX extensions already applied. */
export interface TarEntry {
  /** As stored, decoded as UTF-8 (latin1 where it is not), not cleaned: see `cleanPath`. */
  readonly path: string
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo' | 'other'
  /** Target of a symlink or hard link, as stored. */
  readonly link?: string
  /** Permission bits. */
  readonly mode: number
  /** Bytes of the file; of the expanded file where it is sparse. */
  readonly size: number
}

/** Takes the body of a file as it streams by. Parts are views of the inflated chunk: what is needed after `end` is copied. */
export interface BodySink {
  /** `offset` counts within the (expanded) file; holes of sparse files are never delivered. */
  /** Answers `false` where no view of the part is kept until `end`; its memory can then be used again at once. */
  write(part: Buffer, offset: number): unknown
  end(): void
}

/** Called for each entry, in archive order. Returning nothing skips the body without a copy. */
export interface TarVisitor {
  entry(entry: TarEntry): BodySink | undefined
}
