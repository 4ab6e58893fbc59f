import type { ImagePolicyFacts } from './facts.ts'
import type { Prop, Rows, Subject } from './prop.ts'
import { addRow, type Rows as BitRows } from './rows.ts'

/** The values of one prop over all rows of its subject, read once for all conditions that ask for it. */
export type Column =
  | {
      readonly kind: 'text'
      /** Names or values of each row, folded as the prop says. */
      readonly rows: readonly (readonly string[])[]
      readonly places: Places
      /** Distinct texts in order, so that a pattern looks only at those that begin as it does. */
      readonly sorted: readonly string[]
    }
  /** NaN: not known. Days are kept as milliseconds since 1970. */
  | { readonly kind: 'number' | 'days'; readonly rows: Float64Array }
  /** 1 for true, 0 for false, 2 for not known. */
  | { readonly kind: 'boolean'; readonly rows: Uint8Array }

const known = new WeakMap<ImagePolicyFacts, Columns>()

/** The columns of an image's facts: the same for the same facts, which do not change. */
export function columnsOf(facts: ImagePolicyFacts): Columns {
  const found = known.get(facts) ?? new Columns(facts)
  known.set(facts, found)
  return found
}

/** Whether a subject's rows are the same in all images with the same packages and findings. */
export function isOfContent(subject: Subject): boolean {
  return subject === 'vulnerability' || subject === 'package'
}

/** Whether two images have the very same packages and findings. */
export function sameContent(one: ImagePolicyFacts, other: ImagePolicyFacts): boolean {
  return one.packages === other.packages && one.findings === other.findings
}

/** Columns of an image's facts, made when first asked for. */
export class Columns {
  readonly facts: ImagePolicyFacts
  readonly #columns = new Map<Prop, Column>()
  readonly #content: Columns | undefined
  #findingsOfPackages: readonly (readonly number[])[] | undefined
  readonly #ranks = new Map<Prop, Int8Array>()

  /** `content`: columns of facts with the very same packages and findings, which need not be read again. */
  constructor(facts: ImagePolicyFacts, content?: Columns) {
    this.facts = facts
    if (content && sameContent(facts, content.facts)) this.#content = content
  }

  /** How many rows a subject has. */
  count(subject: Subject): number {
    return this.#rows(subject).length
  }

  of(prop: Prop): Column {
    if (this.#content && isOfContent(prop.subject)) return this.#content.of(prop)
    const known = this.#columns.get(prop)
    if (known) return known
    const made = this.#read(prop)
    this.#columns.set(prop, made)
    return made
  }

  /** The rows of findings that each package has. */
  get findingsOfPackages(): readonly (readonly number[])[] {
    if (this.#content) return this.#content.findingsOfPackages
    if (this.#findingsOfPackages) return this.#findingsOfPackages
    const found: number[][] = this.facts.packages.map(() => [])
    for (const [row, finding] of this.facts.findings.entries()) found[finding.package]?.push(row)
    this.#findingsOfPackages = found
    return found
  }

  /** The place of each row's word in the order of its prop; -1 where it has none. */
  ranks(prop: Prop & { readonly kind: 'word' }): Int8Array {
    if (this.#content && isOfContent(prop.subject)) return this.#content.ranks(prop)
    const known = this.#ranks.get(prop)
    if (known) return known
    const read = prop.read as (row: unknown, facts: ImagePolicyFacts) => readonly string[]
    const order = prop.order ?? []
    const rows = this.#rows(prop.subject)
    const ranks = new Int8Array(rows.length)
    for (let row = 0; row < rows.length; row++)
      ranks[row] = order.indexOf(read(rows[row], this.facts)[0] ?? '')
    this.#ranks.set(prop, ranks)
    return ranks
  }

  #rows(subject: Subject): readonly Rows[Subject][] {
    if (subject === 'vulnerability') return this.facts.findings
    if (subject === 'package') return this.facts.packages
    return subject === 'detection' ? this.facts.detections : [this.facts]
  }

  #read(prop: Prop): Column {
    const rows = this.#rows(prop.subject)
    // A prop reads the rows of its own subject: the union cannot say so.
    const read = prop.read as (row: unknown, facts: ImagePolicyFacts) => unknown
    if (prop.kind === 'number' || prop.kind === 'days') {
      const numbers = new Float64Array(rows.length)
      for (let row = 0; row < rows.length; row++) {
        const value = read(rows[row], this.facts)
        numbers[row] = prop.kind === 'days' ? instant(value) : typeof value === 'number' ? value : Number.NaN
      }
      return { kind: prop.kind, rows: numbers }
    }
    if (prop.kind === 'boolean') {
      const truths = new Uint8Array(rows.length)
      for (let row = 0; row < rows.length; row++) truths[row] = truth(read(rows[row], this.facts))
      return { kind: 'boolean', rows: truths }
    }
    const fold = prop.kind === 'word' || prop.caseSensitive !== true
    return textColumn(
      rows.map((row) => {
        const texts = read(row, this.facts) as readonly string[]
        return fold ? texts.map((text) => text.toLowerCase()) : texts
      }),
    )
  }
}

function instant(written: unknown): number {
  return typeof written === 'string' ? Date.parse(written) : Number.NaN
}

function truth(value: unknown): number {
  return value === true ? 1 : value === false ? 0 : 2
}

/**
 * The rows of each distinct text, as chains through two arrays: most texts stand in one row, and a list for each of them
 * would be most of what judging an image costs.
 */
export class Places {
  readonly #last = new Map<string, number>()
  readonly #rows: Int32Array
  readonly #before: Int32Array

  constructor(rows: readonly (readonly string[])[]) {
    let count = 0
    for (const texts of rows) count += texts.length
    this.#rows = new Int32Array(count)
    this.#before = new Int32Array(count)
    let at = 0
    for (let row = 0; row < rows.length; row++)
      for (const text of rows[row] as readonly string[]) {
        this.#rows[at] = row
        this.#before[at] = this.#last.get(text) ?? -1
        this.#last.set(text, at++)
      }
  }

  /** How many distinct texts there are. */
  get size(): number {
    return this.#last.size
  }

  has(text: string): boolean {
    return this.#last.has(text)
  }

  texts(): IterableIterator<string> {
    return this.#last.keys()
  }

  /** Adds the rows that have the text. */
  addTo(rows: BitRows, text: string): void {
    for (let at = this.#last.get(text) ?? -1; at >= 0; at = this.#before[at] as number)
      addRow(rows, this.#rows[at] as number)
  }
}

function textColumn(rows: readonly (readonly string[])[]): Column {
  const places = new Places(rows)
  let sorted: readonly string[] | undefined
  return {
    kind: 'text',
    rows,
    places,
    get sorted() {
      sorted ??= [...places.texts()].sort()
      return sorted
    },
  }
}
