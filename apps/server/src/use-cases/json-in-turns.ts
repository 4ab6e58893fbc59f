import { eachInTurns, partsOf } from './turns.ts'

/** Items of a long list that are written at once. */
const atOnce = 64
/** A list of no more items than this is looked into: each may be large. */
const few = 32
/** Lists and objects inside each other that are looked into. */
const depth = 6
/** Characters that are made bytes at once. */
const chunk = 1 << 16

/** What `JSON.stringify` gives, as bytes; much of it takes several turns of the event loop. The value is plain JSON. */
export async function jsonInTurns(value: object): Promise<Buffer> {
  const chunks: Buffer[] = []
  let text = ''
  await eachInTurns(pieces(value, depth), (piece) => {
    text += piece
    if (text.length < chunk) return
    chunks.push(Buffer.from(text))
    text = ''
  })
  chunks.push(Buffer.from(text))
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

function* pieces(value: unknown, left: number): Generator<string> {
  if (typeof value !== 'object' || value === null || left === 0 || 'toJSON' in value) {
    yield JSON.stringify(value)
    return
  }
  if (!Array.isArray(value)) {
    yield* members(value, left)
    return
  }
  let separator = '['
  if (value.length <= few)
    for (const item of value) {
      yield separator
      yield* isWritten(item) ? pieces(item, left - 1) : ['null']
      separator = ','
    }
  else
    for (const part of partsOf(value, atOnce)) {
      yield `${separator}${JSON.stringify(part).slice(1, -1)}`
      separator = ','
    }
  yield value.length === 0 ? '[]' : ']'
}

function* members(value: object, left: number): Generator<string> {
  let separator = '{'
  for (const [name, item] of Object.entries(value)) {
    if (!isWritten(item)) continue
    yield `${separator}${JSON.stringify(name)}:`
    yield* pieces(item, left - 1)
    separator = ','
  }
  yield separator === '{' ? '{}' : '}'
}

/** What JSON has no word for: members of an object are left out, items of a list are null. */
function isWritten(value: unknown): boolean {
  return value !== undefined && typeof value !== 'function' && typeof value !== 'symbol'
}
