import type { BodySink } from './layer-entry.ts'

/** An ELF file header alone has 52 bytes. */
export const smallestExecutable = 52

/** ELF, PE, Mach-O thin in both orders, or a fat Mach-O; a Java class shares the last magic and is told apart by its version. */
export function isExecutable(head: Buffer): boolean {
  if (head.length < 8) return false
  if (head[0] === 0x4d && head[1] === 0x5a) return true
  const magic = head.readUInt32BE(0)
  if (magic === 0x7f454c46) return true
  if (magic === 0xfeedface || magic === 0xfeedfacf || magic === 0xcefaedfe || magic === 0xcffaedfe)
    return true
  return (magic === 0xcafebabe || magic === 0xcafebabf) && head.readUInt32BE(4) < 0x2d
}

/** Looks at the first eight bytes of a body that nobody wants by name, and collects it only if it is an executable. */
export class MagicSink implements BodySink {
  readonly #start: () => BodySink
  #sink: BodySink | undefined
  #head: Buffer = Buffer.alloc(0)
  #decided = false

  constructor(start: () => BodySink) {
    this.#start = start
  }

  write(part: Buffer, offset: number): boolean {
    if (this.#decided) return this.#sink?.write(part, offset) ?? false
    // A hole at the start of a sparse file is no magic.
    this.#decided = offset !== this.#head.length
    if (this.#decided) return false
    const head = this.#head.length === 0 ? part : Buffer.concat([this.#head, part])
    this.#decided = head.length >= 8
    if (!this.#decided) this.#head = Buffer.from(head)
    if (!this.#decided || !isExecutable(head)) return false
    this.#sink = this.#start()
    return this.#sink.write(head, 0)
  }

  end(): void {
    this.#sink?.end()
  }
}
