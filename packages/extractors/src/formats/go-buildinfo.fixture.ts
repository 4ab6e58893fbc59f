/** Go build information after the layout that debug/buildinfo documents, for tests. */

const magic = Buffer.from('\xff Go buildinf:', 'latin1')
/** The marks around the module lines; their bytes do not matter to a reader. */
const mark = Buffer.alloc(16, 0xe6)

function framed(modules: string): Buffer {
  return modules === '' ? Buffer.alloc(0) : Buffer.concat([mark, Buffer.from(modules), mark])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  return Buffer.from([...bytes, rest])
}

/** Since Go 1.18. `modules` ends with a line feed. */
export function inlineBuildInfo(version: string, modules: string): Buffer {
  const header = Buffer.alloc(32)
  magic.copy(header)
  header[14] = 8
  header[15] = 2
  const [first, second] = [Buffer.from(version), framed(modules)]
  return Buffer.concat([header, varint(first.length), first, varint(second.length), second])
}

/** Up to Go 1.17: to be mapped at `address`; the strings follow the header. */
export function pointedBuildInfo(
  version: string,
  modules: string,
  address: number,
  shape: { wide: boolean; littleEndian: boolean },
): Buffer {
  const pointerSize = shape.wide ? 8 : 4
  const word = (value: number) => {
    const buffer = Buffer.alloc(pointerSize)
    if (shape.wide && shape.littleEndian) buffer.writeBigUInt64LE(BigInt(value))
    else if (shape.wide) buffer.writeBigUInt64BE(BigInt(value))
    else if (shape.littleEndian) buffer.writeUInt32LE(value)
    else buffer.writeUInt32BE(value)
    return buffer
  }
  const [first, second] = [Buffer.from(version), framed(modules)]
  const headers = address + 32
  const strings = headers + 4 * pointerSize
  const blob = Buffer.concat([
    magic,
    Buffer.from([pointerSize, shape.littleEndian ? 0 : 1]),
    word(headers),
    word(headers + 2 * pointerSize),
    Buffer.alloc(16 - 2 * pointerSize),
    word(strings),
    word(first.length),
    word(strings + first.length),
    word(second.length),
    first,
    second,
  ])
  return blob
}
