import type { LayerFile, ProblemObservation } from '../extractor.ts'

const wordLimit = 1024

/** Whether a name or version is something a package database can state: not empty, of sane length, without spaces. */
export function isDeclaredWord(text: string | undefined): text is string {
  if (text === undefined || text.length === 0 || text.length > wordLimit) return false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code <= 0x20 || code === 0x7f) return false
  }
  return true
}

/** What could not be read of one file, told once however often it happens. */
export class Unread {
  readonly #code: ProblemObservation['code']
  #first: string | undefined
  #count = 0

  constructor(code: ProblemObservation['code']) {
    this.#code = code
  }

  add(message: string): void {
    this.#first ??= message.slice(0, 300)
    this.#count++
  }

  get count(): number {
    return this.#count
  }

  *observations(): Generator<ProblemObservation> {
    if (this.#first === undefined) return
    const more = this.#count > 1 ? `, and ${this.#count - 1} more like it` : ''
    yield { kind: 'problem', code: this.#code, message: `${this.#first}${more}` }
  }
}

/** The tools that write these databases end every line, the last one too: one that is not ended was cut off. */
export function* observeCutOff({ path }: LayerFile, text: string): Generator<ProblemObservation> {
  if (text === '' || text.endsWith('\n')) return
  yield { kind: 'problem', code: 'truncated', message: `${path} ends within a line: what followed is lost` }
}
