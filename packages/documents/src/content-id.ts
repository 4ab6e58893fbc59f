/**
 * SHA-256 of a text's UTF-8, 64 hex characters. Our own because this package has no I/O and no host interfaces, and
 * identifiers of documents must be the same wherever they are written. FIPS 180-4, sections 5 and 6.2.
 */
export function sha256(text: string): string {
  const bytes = new TextEncoder().encode(text)
  const padded = new Uint8Array(((bytes.length + 8) >> 6) * 64 + 64)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  const view = new DataView(padded.buffer)
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000))
  view.setUint32(padded.length - 4, bytes.length << 3)
  const state = Uint32Array.from(initial)
  const schedule = new Uint32Array(64)
  for (let offset = 0; offset < padded.length; offset += 64) digestBlock(view, offset, schedule, state)
  return [...state].map((word) => word.toString(16).padStart(8, '0')).join('')
}

/** A UUID that follows from a text alone. RFC 9562, section 5.8 (version 8). */
export function contentUuid(text: string): string {
  const hex = sha256(text)
  const variant = ((Number.parseInt(hex[16], 16) & 0x3) | 0x8).toString(16)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function digestBlock(view: DataView, offset: number, schedule: Uint32Array, state: Uint32Array): void {
  for (let index = 0; index < 16; index++) schedule[index] = view.getUint32(offset + index * 4)
  for (let index = 16; index < 64; index++) {
    const a = schedule[index - 15]
    const b = schedule[index - 2]
    const small0 = rotated(a, 7) ^ rotated(a, 18) ^ (a >>> 3)
    const small1 = rotated(b, 17) ^ rotated(b, 19) ^ (b >>> 10)
    schedule[index] = schedule[index - 16] + small0 + schedule[index - 7] + small1
  }
  let [a, b, c, d, e, f, g, h] = state
  for (let index = 0; index < 64; index++) {
    const big1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
    const first = (h + big1 + ((e & f) ^ (~e & g)) + rounds[index] + schedule[index]) | 0
    const big0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
    const second = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  for (const [index, word] of [a, b, c, d, e, f, g, h].entries()) state[index] += word
}

function rotated(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

const primes = firstPrimes(64)
/** The first 32 bits of the fractional parts of the square roots of the first 8 primes, and of the cube roots of 64. */
const initial = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)))
const rounds = Uint32Array.from(primes.map((prime) => fraction(Math.cbrt(prime))))

function fraction(value: number): number {
  return Math.floor((value - Math.floor(value)) * 0x100000000)
}

function firstPrimes(howMany: number): number[] {
  const found: number[] = []
  for (let candidate = 2; found.length < howMany; candidate++) {
    if (found.every((prime) => candidate % prime !== 0)) found.push(candidate)
  }
  return found
}
