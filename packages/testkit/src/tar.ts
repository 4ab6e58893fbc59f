/** One entry of an archive to be made. A path that ends in a slash is a directory unless a type is given. */
export interface TarMember {
  readonly path: string
  readonly type?: 'file' | 'directory' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo'
  readonly content?: string | Uint8Array
  /** Target of a symlink or hard link. */
  readonly link?: string
  readonly mode?: number
}

const flags = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  character: '3',
  block: '4',
  directory: '5',
  fifo: '6',
} as const

/**
 * A POSIX ustar archive of the members in their order, with PAX headers for names that do not fit. The same members always
 * give the same bytes. https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html
 */
export function tar(members: readonly TarMember[]): Buffer {
  const parts: Buffer[] = []
  for (const member of members) {
    const type = member.type ?? (member.path.endsWith('/') ? 'directory' : 'file')
    const content = Buffer.from(member.content ?? '')
    const records: string[] = []
    if (Buffer.byteLength(member.path) > 100) records.push(paxRecord('path', member.path))
    if (Buffer.byteLength(member.link ?? '') > 100) records.push(paxRecord('linkpath', member.link ?? ''))
    if (records.length > 0) {
      const extension = Buffer.from(records.join(''))
      parts.push(tarHeader('PaxHeaders/extension', 'x', extension.length, 0o644), padded(extension))
    }
    const mode = member.mode ?? (type === 'directory' ? 0o755 : 0o644)
    parts.push(tarHeader(member.path, flags[type], content.length, mode, member.link), padded(content))
  }
  parts.push(Buffer.alloc(1024))
  return Buffer.concat(parts)
}

/** One header block, for archives that `tar` cannot make. Names are cut to what fits. */
export function tarHeader(path: string, flag: string, size: number, mode = 0o644, link = ''): Buffer {
  const block = Buffer.alloc(512)
  block.write(path, 0, 100)
  writeOctal(block, mode, 100, 8)
  writeOctal(block, 0, 108, 8)
  writeOctal(block, 0, 116, 8)
  writeOctal(block, size, 124, 12)
  writeOctal(block, 0, 136, 12)
  block.write(flag, 156, 1, 'latin1')
  block.write(link, 157, 100)
  block.write('ustar\x0000', 257, 'latin1')
  return sealHeader(block)
}

/** Sets the checksum of a header block that was changed; answers the block. */
export function sealHeader(block: Buffer): Buffer {
  block.fill(0x20, 148, 156)
  let sum = 0
  for (const byte of block.subarray(0, 512)) sum += byte
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

/** `length keyword=value\n`, the length counting itself. */
export function paxRecord(keyword: string, value: string): string {
  const rest = ` ${keyword}=${value}\n`
  const bytes = Buffer.byteLength(rest)
  let length = bytes + String(bytes).length
  if (String(length).length > String(bytes).length) length = bytes + String(length).length
  return `${length}${rest}`
}

/** The content with zeros up to a full block. */
export function padded(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc(-content.length & 511)])
}

function writeOctal(block: Buffer, value: number, at: number, length: number): void {
  block.write(`${value.toString(8).padStart(length - 1, '0')}\0`, at, 'latin1')
}
