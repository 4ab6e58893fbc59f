import { Secret } from '@lanner/oci'

/** One setting as data: the reference page and the example file are printed from these. */
export interface Setting<Value = unknown> {
  /** Of the environment variable. */
  readonly name: string
  readonly type: string
  /** Shown where nothing is set. */
  readonly default: string
  /** One sentence. */
  readonly help: string
  readonly secret: boolean
  /** The value, or why the text is none. `undefined` is what holds where nothing is set. */
  readonly parse: (text: string | undefined) => Value | Problem
}

/** Why a text is no value of its setting. */
export class Problem {
  readonly reason: string

  constructor(reason: string) {
    this.reason = reason
  }
}

interface Words {
  readonly name: string
  readonly help: string
}

/** What is shown, rather than the text that holds, where nothing is set. */
interface Shown {
  readonly shown?: string
}

export function text(words: Words & { readonly fallback: string } & Shown): Setting<string> {
  return {
    ...facts(words, 'text', words.shown ?? words.fallback),
    parse: (given) => given ?? words.fallback,
  }
}

/** Undefined where nothing is set. */
export function optional(
  words: Words & { readonly type?: string; readonly check?: (given: string) => string | undefined } & Shown,
): Setting<string | undefined> {
  return {
    ...facts(words, words.type ?? 'text', words.shown ?? 'none'),
    parse(given) {
      const reason = given === undefined ? undefined : words.check?.(given)
      return reason === undefined ? given : new Problem(reason)
    },
  }
}

export function secret(
  words: Words & { readonly type?: string; readonly check?: (given: string) => string | undefined } & Shown,
): Setting<Secret | undefined> {
  return {
    ...facts(words, words.type ?? 'text', words.shown ?? 'none'),
    secret: true,
    parse(given) {
      const reason = given === undefined ? undefined : words.check?.(given)
      if (reason !== undefined) return new Problem(reason)
      return given === undefined ? undefined : new Secret(given)
    },
  }
}

export function integer(
  words: Words & { readonly fallback: number; readonly least: number; readonly most: number } & Shown,
): Setting<number> {
  const { fallback, least, most } = words
  return {
    ...facts(words, `whole number, ${least} to ${most}`, words.shown ?? String(fallback)),
    parse(given) {
      if (given === undefined) return fallback
      const value = /^\d{1,15}$/.test(given) ? Number(given) : Number.NaN
      return value >= least && value <= most
        ? value
        : new Problem(`is not a whole number from ${least} to ${most}`)
    },
  }
}

const units = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 } as const

/** `500M`, `20GiB`, `1073741824`; 0 means no bound. */
export function bytes(words: Words & { readonly fallback: number } & Shown): Setting<number> {
  return {
    ...facts(words, 'bytes, such as 500M or 20GiB', words.shown ?? String(words.fallback)),
    parse(given) {
      if (given === undefined) return words.fallback
      const groups = /^(?<number>\d{1,12})\s*(?:(?<unit>[kmgt])(?:i?b)?|b)?$/i.exec(given)?.groups
      if (!groups) return new Problem('is no number of bytes such as 500M or 20GiB')
      const unit = groups['unit']?.toLowerCase() as keyof typeof units | undefined
      return Number(groups['number']) * (unit ? units[unit] : 1)
    },
  }
}

export function flag(words: Words): Setting<boolean> {
  return {
    ...facts(words, 'true or false', 'false'),
    parse(given) {
      if (given === undefined) return false
      if (/^(?:1|true|yes|on)$/i.test(given)) return true
      return /^(?:0|false|no|off)$/i.test(given) ? false : new Problem('is neither true nor false')
    },
  }
}

export function choice<const Choice extends string>(
  words: Words & { readonly choices: readonly Choice[]; readonly fallback: NoInfer<Choice> },
): Setting<Choice> {
  const { choices, fallback } = words
  return {
    ...facts(words, choices.join(', '), fallback),
    parse(given) {
      const found = given === undefined ? fallback : choices.find((each) => each === given.toLowerCase())
      return found ?? new Problem(`is not one of ${choices.join(', ')}`)
    },
  }
}

/** Separated by commas. */
export function list(words: Words & Shown): Setting<readonly string[]> {
  return {
    ...facts(words, 'list, separated by commas', words.shown ?? 'none'),
    parse: (given) =>
      (given ?? '')
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== ''),
  }
}

function facts(words: Words, type: string, shown: string) {
  return { name: words.name, help: words.help, type, default: shown, secret: false }
}
