import { stat } from 'node:fs/promises'
import { Fault } from '@lanner/model'
import type { PolicyDocument } from '@lanner/sdk'
import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
} from 'yaml'
import type { Terminal } from './command.ts'

/** A file of policies that cannot be read; the message begins with its name, and line and column where there are any. */
export class PolicyFileFault extends Fault<'malformed' | 'too-large'> {}

/** Bounds of a file of policies. */
export const policyFileLimits = {
  /** Bytes. */
  bytes: 4 << 20,
  /** Lists and objects inside each other. */
  depth: 32,
  /** Values, those counted again that an alias repeats. */
  values: 1_000_000,
} as const

/** A file of policies: what it says, and where each part of it stands. */
export interface PolicyFile {
  readonly document: PolicyDocument
  /** A refusal of a server that names a place of the document, with the file, line and column of that place. */
  located(message: string): string
}

/** Reads a file of policies in YAML 1.2 or JSON, or standard input for `-`. Throws PolicyFileFault. */
export async function readPolicyFile(path: string, terminal: Terminal): Promise<PolicyFile> {
  const { createReadStream } = process.getBuiltinModule('node:fs')
  const standard = path === '-'
  const name = standard ? 'standard input' : path
  if (!standard && (await stat(path)).isDirectory())
    throw new PolicyFileFault('malformed', `${name}: this is a folder; name the file with the policies`)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of standard ? (terminal.in ?? process.stdin) : createReadStream(path)) {
    const bytes = Buffer.from(chunk as Buffer | string)
    size += bytes.length
    if (size > policyFileLimits.bytes)
      throw new PolicyFileFault('too-large', `${name}: larger than ${policyFileLimits.bytes} bytes`)
    chunks.push(bytes)
  }
  return parsePolicyFile(Buffer.concat(chunks), name)
}

/** The same of bytes; `name` is how messages call them. */
export function parsePolicyFile(bytes: Uint8Array, name: string): PolicyFile {
  const lines = new LineCounter()
  const at = (offset: number | undefined) => {
    if (offset === undefined) return name
    const { line, col } = lines.linePos(offset)
    return line === 0 ? name : `${name}:${line}:${col}`
  }
  const malformed = (offset: number | undefined, message: string) =>
    new PolicyFileFault('malformed', `${at(offset)}: ${message}`)
  const parsed = parse(utf8(bytes, name), lines, malformed)
  const [problem] = [...(parsed?.errors ?? []), ...(parsed?.warnings ?? [])]
  if (problem) throw malformed(problem.pos[0], problem.message)
  const reader = new Reader(malformed)
  const document = reader.value(parsed?.contents, 0, false)
  if (document === null || document === undefined) throw new PolicyFileFault('malformed', `${name}: is empty`)
  return {
    // Whether it is one, the server says.
    document: document as PolicyDocument,
    located: (message) => located(message, (steps) => at(reader.offsetOf(parsed?.contents, steps)), name),
  }
}

function utf8(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new PolicyFileFault('malformed', `${name}: this is no text in UTF-8`, { cause })
  }
}

const options = {
  schema: 'core',
  merge: false,
  resolveKnownTags: false,
  stringKeys: true,
} as const

/** The one document of a text. Depth is watched while it is read: the parser takes a kilobyte and a half for every bracket. */
function parse(
  text: string,
  lines: LineCounter,
  malformed: (offset: number, message: string) => PolicyFileFault,
): Document.Parsed | undefined {
  const parser = new Parser(lines.addNewLine)
  function* tokens() {
    lines.addNewLine(0)
    for (const lexeme of new Lexer().lex(text)) {
      if (parser.stack.length > 4 * policyFileLimits.depth)
        throw malformed(parser.offset, `nests deeper than ${policyFileLimits.depth} levels`)
      yield* parser.next(lexeme)
    }
    yield* parser.end()
  }
  const [document, second] = new Composer(options).compose(tokens(), true, text.length)
  if (second) throw malformed(second.range[0], 'a second document begins here; a file holds one')
  return document
}

/** Plain values of the nodes of a document, within bounds. */
class Reader {
  readonly #malformed: (offset: number | undefined, message: string) => PolicyFileFault
  readonly #anchors = new Map<string, Node>()
  /** Read again through an alias, an anchor does not take the place of a later one of its name. */
  readonly #anchored = new Set<Node>()
  readonly #targets = new Map<Node, Node>()
  #values = 0

  constructor(malformed: (offset: number | undefined, message: string) => PolicyFileFault) {
    this.#malformed = malformed
  }

  /**
   * The value of a node. Members without a value are left out: they say nothing. Below `value` and `scope` (`verbatim`) a
   * number that would be written otherwise stays text: a tag 1.10 is not 1.1.
   */
  value(node: unknown, depth: number, verbatim: boolean): unknown {
    const at = offsetOf(node)
    if (depth > policyFileLimits.depth)
      throw this.#malformed(at, `nests deeper than ${policyFileLimits.depth} levels`)
    if (++this.#values > policyFileLimits.values)
      throw this.#malformed(at, `there are more than ${policyFileLimits.values} values up to here`)
    if (isAlias(node)) {
      const target = this.#targets.get(node) ?? this.#anchors.get(node.source)
      if (!target) throw this.#malformed(at, `there is no anchor &${node.source} before this alias`)
      this.#targets.set(node, target)
      return this.value(target, depth + 1, verbatim)
    }
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor && !this.#anchored.has(node)) {
      this.#anchored.add(node)
      this.#anchors.set(node.anchor, node)
    }
    if (isSeq(node)) return node.items.map((item) => this.value(item, depth + 1, verbatim))
    if (!isMap(node)) return isScalar(node) ? scalar(node.value, node.source, verbatim) : null
    const members: [string, unknown][] = []
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : ''
      if (name === '__proto__') throw this.#malformed(offsetOf(key), 'this member is not known')
      const read = this.value(value, depth + 1, verbatim || name === 'value' || name === 'scope')
      if (read !== null) members.push([name, read])
    }
    return Object.fromEntries(members)
  }

  /** Where the place lies that steps lead to, or the last of them that is there. */
  offsetOf(root: unknown, steps: readonly (string | number)[]): number | undefined {
    let node = root
    let offset = offsetOf(root)
    for (const step of steps) {
      const inside = isAlias(node) ? this.#targets.get(node) : node
      if (isMap(inside)) {
        const pair = inside.items.find(({ key }) => isScalar(key) && String(key.value) === step)
        if (!pair) return offset
        offset = offsetOf(pair.key) ?? offset
        node = pair.value
      } else if (isSeq(inside) && typeof step === 'number' && step < inside.items.length) {
        node = inside.items[step]
        offset = offsetOf(node) ?? offset
      } else return offset
    }
    return offset
  }
}

function scalar(value: unknown, source: string | undefined, verbatim: boolean): unknown {
  if (typeof value !== 'number' || source === undefined) return value
  return Number.isFinite(value) && (!verbatim || String(value) === source) ? value : source
}

function offsetOf(node: unknown): number | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) || isAlias(node) ? node.range?.[0] : undefined
}

const step = /(?:^|\.)(?<name>[A-Za-z_][\w-]*)|\[(?<index>\d{1,9})\]|\[(?<quoted>"(?:[^"\\]|\\.)*")\]/y

/** `policies[2].rules[0]: …` with the place in the file before it. */
function located(
  message: string,
  position: (steps: readonly (string | number)[]) => string,
  name: string,
): string {
  // A server that finds the shape wrong speaks of the body, in which the document is a member.
  const own = message.replace(/^document\.(?=\w)/, '')
  const steps: (string | number)[] = []
  step.lastIndex = 0
  let end = 0
  for (let found = step.exec(own); found; found = step.exec(own)) {
    end = step.lastIndex
    const { name: member, index, quoted } = found.groups ?? {}
    steps.push(member ?? (index === undefined ? (JSON.parse(quoted ?? '""') as string) : Number(index)))
  }
  return own.startsWith(': ', end) && steps.length > 0 ? `${position(steps)}: ${own}` : `${name}: ${own}`
}
