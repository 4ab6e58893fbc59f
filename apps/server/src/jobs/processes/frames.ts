/** Bytes of one message at most. */
export interface FrameLimits {
  /** Of its text. */
  readonly text: number
  /** Of what comes with it as it is. */
  readonly bytes: number
}

/** A message of plain JSON, and bytes that come with it as they are. */
export interface Frame {
  readonly message: unknown
  readonly bytes?: Uint8Array
}

/** Two lengths, little-endian: of the text and, one more than that, of the bytes; 0 where there are none. */
const headBytes = 8

/** A message as it goes over a pipe, in parts, so that its bytes are not copied. Throws where the message is no JSON. */
export function framed({ message, bytes }: Frame): readonly Uint8Array[] {
  const text = Buffer.from(JSON.stringify(message))
  const head = Buffer.alloc(headBytes)
  head.writeUInt32LE(text.length, 0)
  head.writeUInt32LE(bytes ? bytes.byteLength + 1 : 0, 4)
  return bytes ? [head, text, bytes] : [head, text]
}

/** Puts together what comes over a pipe in pieces. The other end may be lying: nothing larger than allowed is ever kept. */
export class FrameReader {
  readonly #limits: FrameLimits
  readonly #onFrame: (frame: Frame) => void
  readonly #head = Buffer.alloc(headBytes)
  #body: Buffer | undefined
  #text = 0
  #hasBytes = false
  #filled = 0

  constructor(limits: FrameLimits, onFrame: (frame: Frame) => void) {
    this.#limits = limits
    this.#onFrame = onFrame
  }

  /** Throws where it is no message, or too large a one; then nothing more may be pushed. */
  push(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length; ) {
      const target = this.#body ?? this.#head
      const taken = Math.min(target.length - this.#filled, chunk.length - at)
      target.set(chunk.subarray(at, at + taken), this.#filled)
      this.#filled += taken
      at += taken
      if (this.#filled === target.length) this.#full()
    }
  }

  #full(): void {
    this.#filled = 0
    const body = this.#body
    if (!body) {
      this.#text = this.#head.readUInt32LE(0)
      const length = this.#head.readUInt32LE(4)
      this.#hasBytes = length > 0
      const bytes = Math.max(0, length - 1)
      if (this.#text > this.#limits.text || bytes > this.#limits.bytes)
        throw new Error(`a message has ${this.#text} characters and ${bytes} bytes`)
      if (this.#text === 0) throw new Error('a message is empty')
      this.#body = Buffer.allocUnsafeSlow(this.#text + bytes)
      return
    }
    this.#body = undefined
    this.#onFrame({
      message: parsed(body.subarray(0, this.#text)),
      ...(this.#hasBytes ? { bytes: new Uint8Array(body.buffer, this.#text) } : {}),
    })
  }
}

function parsed(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString())
  } catch (error) {
    throw new Error('a message is no JSON', { cause: error })
  }
}
