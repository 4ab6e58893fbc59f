import type { AssessmentReason, Distribution, PackageFacts } from '@lanner/model'
import { ExtractFault } from './extractor.ts'
import type { ReadingNeed } from './reading-needs.ts'

/** What one extractor read from one file of a layer. */
export interface Evidence {
  readonly path: string
  readonly extractor: string
  readonly packages: readonly PackageFacts[]
  readonly distribution?: Omit<Distribution, 'path'>
  readonly cpes?: readonly string[]
  readonly licensed?: LicensedPackage
  readonly problems?: readonly EvidenceProblem[]
}

/** Licences that a file states for an operating-system package which it does not describe otherwise. */
export interface LicensedPackage {
  readonly name: string
  readonly licenses: readonly string[]
}

export interface EvidenceProblem {
  readonly code: Extract<AssessmentReason['code'], 'unreadable-evidence' | 'limit-exceeded'>
  readonly message: string
}

/**
 * All that is known of one layer, without regard to any other: what its files say, and what it takes away from the
 * layers below. Plain JSON apart from `names`.
 */
export interface LayerInventory {
  readonly evidence: readonly Evidence[]
  /** Paths of this or lower layers that an OS package of this layer owns, for every path that some extractor wants. */
  readonly owned: Readonly<Record<string, string>>
  /** Paths removed from lower layers. */
  readonly whiteouts: readonly string[]
  /** Folders whose content in lower layers is hidden. */
  readonly opaque: readonly string[]
  /** Every path of the layer, folders with a trailing slash: what shadows lower layers. */
  readonly names: NameList
  /** What was left out of the layer as a whole, whatever lies above it. */
  readonly problems?: readonly EvidenceProblem[]
  /** What a further reading must keep. Empty unless one is due. */
  readonly unread: readonly ReadingNeed[]
}

/** Bytes of one list; a layer of five million ordinary paths has half of it. */
const maxNameBytes = 512 * 1024 * 1024

/** A long list of paths as one buffer of NUL-terminated UTF-8: a million names cost their text and no more. */
export class NameList {
  #bytes: Buffer
  #length = 0

  constructor(bytes?: Buffer) {
    this.#bytes = bytes ?? Buffer.allocUnsafe(64 * 1024)
    this.#length = bytes?.length ?? 0
  }

  /** The text so far: a view, valid until the next `add`. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length)
  }

  /** Throws `limit-exceeded` once the list has 512 MiB. */
  add(name: string): void {
    const needed = this.#length + name.length * 3 + 1
    if (needed > maxNameBytes) {
      throw new ExtractFault('limit-exceeded', `the paths of a layer take more than ${maxNameBytes} bytes`)
    }
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2))
      this.#bytes.copy(grown, 0, 0, this.#length)
      this.#bytes = grown
    }
    this.#length += this.#bytes.write(name, this.#length, 'utf8')
    this.#bytes[this.#length++] = 0
  }

  *[Symbol.iterator](): Generator<string> {
    const bytes = this.bytes
    for (let start = 0; start < bytes.length; ) {
      const end = bytes.indexOf(0, start)
      if (end < 0) return
      yield bytes.toString('utf8', start, end)
      start = end + 1
    }
  }
}
