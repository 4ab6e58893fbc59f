import { createHash, type Hash } from 'node:crypto'
import { type Digest, digestAlgorithm } from '@lanner/model'
import type { TarVisitor } from './entry.ts'
import { LayerFault } from './layer-fault.ts'
import type { LayerLimits } from './read-layer-types.ts'
import { TarWalker } from './tar-walker.ts'

/** Inflated bytes from which on the ratio counts: small layers of zeros are ordinary. */
const ratioFrom = 64 * 1024 * 1024

/** What is asked of a layer's contents. */
interface Expected {
  /** Stored bytes. */
  readonly size: number
  readonly diffId?: Digest
  readonly visitor: TarVisitor
}

/** The inflated side of a layer: counts, bounds, hashes and walks it. */
export class LayerContents {
  /** Inflated bytes so far. */
  size = 0
  readonly #expected: Expected
  readonly #what: string
  readonly #maxBytes: number
  readonly #maxRatioBytes: number
  readonly #limits: LayerLimits
  readonly #walker: TarWalker
  /** Always there: the diff id that is recorded. Absent where the caller hashes the same bytes with sha256 already. */
  readonly #sha256: Hash | undefined
  /** There when the config names a diff id of another algorithm. */
  readonly #other: Hash | undefined

  constructor(expected: Expected, limits: LayerLimits, hashed: boolean, what: string) {
    this.#expected = expected
    this.#what = what
    this.#limits = limits
    this.#maxBytes = limits.maxBytes
    this.#maxRatioBytes = Math.max(ratioFrom, limits.maxRatio * expected.size)
    this.#walker = new TarWalker(expected.visitor, limits, what)
    this.#sha256 = hashed ? undefined : createHash('sha256')
    const algorithm = expected.diffId && digestAlgorithm(expected.diffId)
    this.#other = algorithm && algorithm !== 'sha256' ? createHash(algorithm) : undefined
  }

  get entries(): number {
    return this.#walker.entries
  }

  /** Answers whether a sink still holds views of this chunk or of earlier ones. Throws `limit-exceeded`, `corrupt` and what the visitor throws. */
  take(chunk: Buffer): boolean {
    this.size += chunk.length
    if (this.size > this.#maxBytes) {
      throw new LayerFault(
        'limit-exceeded',
        `${this.#what} inflates to more than ${this.#maxBytes} bytes (maxBytes)`,
      )
    }
    if (this.size > this.#maxRatioBytes) {
      const most = `${this.#limits.maxRatio} times its ${this.#expected.size} bytes (maxRatio)`
      throw new LayerFault('limit-exceeded', `${this.#what} inflates to more than ${most}`)
    }
    this.#sha256?.update(chunk)
    this.#other?.update(chunk)
    this.#walker.push(chunk)
    return this.#walker.holding
  }

  /**
   * Call after the last byte. Answers the diff id as sha256; `hashed` is that digest where the caller hashed the bytes.
   * Throws `diff-id-mismatch`, and `truncated` where the archive ends early.
   */
  end(hashed: Digest | undefined): Digest {
    const diffId = this.#sha256 ? (`sha256:${this.#sha256.digest('hex')}` as Digest) : hashed
    if (diffId === undefined) throw new Error('the contents were hashed by nobody')
    const { diffId: expected } = this.#expected
    const actual =
      expected && this.#other ? `${digestAlgorithm(expected)}:${this.#other.digest('hex')}` : diffId
    if (expected && actual !== expected) {
      throw new LayerFault(
        'diff-id-mismatch',
        `${this.#what}: the config says diff id ${expected}, but what it inflates to has digest ${actual}`,
      )
    }
    this.#walker.end()
    return diffId
  }
}
