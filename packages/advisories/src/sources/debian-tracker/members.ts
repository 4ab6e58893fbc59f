/** The deepest part of the tracker's JSON is five levels down. */
const depthCap = 64

/**
 * The members of the one object that a JSON text consists of, each value still as bytes: a document of a hundred megabytes
 * is then read a package at a time. Only strings and brackets are understood here; the values are checked by whoever
 * parses them. Throws an Error when the text is no object or ends early.
 */
export function* topLevelMembers(json: Buffer): Generator<{ name: string; value: Buffer }> {
  let at = skipSpace(json, json[0] === 0xef ? 3 : 0)
  if (json[at] !== 0x7b) throw new Error('it is not a JSON object')
  at = skipSpace(json, at + 1)
  if (json[at] === 0x7d) return
  for (;;) {
    const nameEnd = endOfString(json, at)
    const name: unknown = JSON.parse(json.toString('utf8', at, nameEnd))
    at = skipSpace(json, nameEnd)
    if (json[at] !== 0x3a || typeof name !== 'string') throw new Error('it is no well-formed JSON')
    const start = skipSpace(json, at + 1)
    const end = endOfValue(json, start)
    yield { name, value: json.subarray(start, end) }
    at = skipSpace(json, end)
    if (json[at] === 0x7d) return
    if (json[at] !== 0x2c) throw new Error('it ends early')
    at = skipSpace(json, at + 1)
  }
}

function skipSpace(json: Buffer, from: number): number {
  let at = from
  while (json[at] === 0x20 || json[at] === 0x0a || json[at] === 0x0d || json[at] === 0x09) at++
  return at
}

/** Position after the closing quote of the string that starts here. */
function endOfString(json: Buffer, from: number): number {
  if (json[from] !== 0x22) throw new Error('it is no well-formed JSON')
  for (let at = from + 1; at < json.length; at++) {
    if (json[at] === 0x5c) at++
    else if (json[at] === 0x22) return at + 1
  }
  throw new Error('it ends early')
}

function endOfValue(json: Buffer, from: number): number {
  let depth = 0
  for (let at = from; at < json.length; ) {
    switch (json[at]) {
      case 0x22:
        at = endOfString(json, at)
        if (depth === 0) return at
        continue
      case 0x7b:
      case 0x5b:
        if (++depth > depthCap) throw new Error('it is nested too deeply')
        break
      case 0x7d:
      case 0x5d:
        if (depth === 0) return at
        if (--depth === 0) return at + 1
        break
      case 0x2c:
        if (depth === 0) return at
    }
    at++
  }
  throw new Error('it ends early')
}
