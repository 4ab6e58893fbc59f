const block = 512

/**
 * Regular files of a tar stream, small ones only: names are good enough to tell `.json` from the rest, so extension headers are
 * passed over. https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html (ustar)
 */
export async function* filesOfTar(
  stream: AsyncIterable<Buffer>,
  cap: number,
): AsyncGenerator<{ name: string; content: Buffer }> {
  let pending: Buffer = Buffer.alloc(0)
  let skip = 0
  let zeroes = 0
  for await (const chunk of stream) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
    let at = 0
    for (;;) {
      const skipped = Math.min(skip, pending.length - at)
      at += skipped
      skip -= skipped
      if (skip > 0 || pending.length - at < block) break
      const header = pending.subarray(at, at + block)
      if (header[0] === 0) {
        zeroes++
        at += block
        continue
      }
      const size = sizeOf(header)
      if (size === undefined) throw new Error('it is no readable tar archive')
      const padded = Math.ceil(size / block) * block
      const isFile = header[156] === 0x30 || header[156] === 0
      if (!isFile || size > cap) {
        at += block
        skip = padded
        continue
      }
      if (pending.length - at < block + padded) break
      const start = at + block
      yield { name: nameOf(header), content: Buffer.from(pending.subarray(start, start + size)) }
      at = start + padded
    }
    pending = pending.subarray(at)
  }
  if (pending.length > 0 || skip > 0 || zeroes === 0) throw new Error('it ends early')
}

function nameOf(header: Buffer): string {
  const text = (from: number, length: number) => {
    const field = header.toString('utf8', from, from + length)
    const end = field.indexOf('\0')
    return end < 0 ? field : field.slice(0, end)
  }
  const prefix = header.toString('latin1', 257, 262) === 'ustar' ? text(345, 155) : ''
  return prefix ? `${prefix}/${text(0, 100)}` : text(0, 100)
}

/** Octal, or base 256 when the first bit is set; undefined when the checksum does not fit either. */
function sizeOf(header: Buffer): number | undefined {
  let sum = 0
  for (let at = 0; at < block; at++) sum += at >= 148 && at < 156 ? 32 : header[at]
  if (Number.parseInt(header.toString('latin1', 148, 156).trim(), 8) !== sum) return undefined
  if (header[124] & 0x80) return Number(header.readBigUInt64BE(128))
  const size = Number.parseInt(header.toString('latin1', 124, 136).replace(/\0.*$/, '').trim() || '0', 8)
  return Number.isSafeInteger(size) && size >= 0 ? size : undefined
}
