import { isIPv4, isIPv6 } from 'node:net'

/**
 * What kind of place an IP address is. `link-local` includes the addresses at which clouds serve instance metadata.
 * https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry
 */
export type AddressKind = 'public' | 'private' | 'loopback' | 'link-local'

/** Names under which clouds serve instance metadata. */
const metadataHosts: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'metadata.azure.internal',
  'metadata.azure.com',
  'metadata.tencentyun.com',
  'metadata.platformequinix.com',
  'metadata.packet.net',
  'instance-data',
  'instance-data.ec2.internal',
])

/** Metadata services outside of 169.254.0.0/16 and fe80::/10: Alibaba, Azure's wire server, Oracle, AWS and GCP by IPv6. */
const metadataAddresses: ReadonlySet<string> = new Set([
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2:0:0:0:0:0:254',
  'fd20:ce:0:0:0:0:0:254',
])

export function isMetadataHost(host: string): boolean {
  return metadataHosts.has(host.toLowerCase().replace(/\.$/, ''))
}

/** Whether the name alone says that the host is this machine (RFC 6761 section 6.3). */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '')
  if (name === 'localhost' || name.endsWith('.localhost')) return true
  return addressKind(name) === 'loopback'
}

/** The kind of an address, brackets allowed; undefined for a host name. */
export function addressKind(text: string): AddressKind | undefined {
  const address = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text
  if (isIPv4(address)) return ipv4Kind(address.split('.').map(Number))
  if (isIPv6(address)) return ipv6Kind(ipv6Groups(address))
  return undefined
}

function ipv4Kind([a, b, c, d]: readonly number[]): AddressKind {
  if (metadataAddresses.has(`${a}.${b}.${c}.${d}`)) return 'link-local'
  if (a === 169 && b === 254) return 'link-local'
  if (a === 127 || a === 0) return 'loopback' // 0.0.0.0 reaches this machine
  if (a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168)) return 'private'
  if (a === 100 && b >= 64 && b <= 127) return 'private' // shared address space, RFC 6598
  if (a === 192 && b === 0 && c === 0) return 'private'
  if (a === 198 && (b === 18 || b === 19)) return 'private' // benchmarking, RFC 2544
  if (a >= 224) return 'private' // multicast, reserved, broadcast
  return 'public'
}

function ipv6Kind(groups: readonly number[]): AddressKind {
  const embedded = embeddedIpv4(groups)
  if (embedded) return ipv4Kind(embedded)
  if (metadataAddresses.has(groups.map((group) => group.toString(16)).join(':'))) return 'link-local'
  const first = groups[0]
  if ((first & 0xffc0) === 0xfe80) return 'link-local'
  if (groups.slice(0, 7).every((group) => group === 0) && groups[7] <= 1) return 'loopback'
  if ((first & 0xfe00) === 0xfc00 || (first & 0xffc0) === 0xfec0) return 'private'
  if ((first & 0xff00) === 0xff00) return 'private' // multicast
  return 'public'
}

/** IPv4 inside IPv6: mapped, translated (RFC 2765), NAT64 (RFC 6052), 6to4 (RFC 3056). All can lead to the inner address. */
function embeddedIpv4(groups: readonly number[]): number[] | undefined {
  const zero = (from: number, to: number) => groups.slice(from, to).every((group) => group === 0)
  const at = (index: number) => [
    groups[index] >> 8,
    groups[index] & 255,
    groups[index + 1] >> 8,
    groups[index + 1] & 255,
  ]
  if (zero(0, 5) && groups[5] === 0xffff) return at(6)
  if (zero(0, 4) && groups[4] === 0xffff && groups[5] === 0) return at(6)
  if (zero(0, 6) && groups[6] !== 0) return at(6) // IPv4-compatible, deprecated
  if (groups[0] === 0x64 && groups[1] === 0xff9b) return at(6)
  if (groups[0] === 0x2002) return at(1)
  return undefined
}

/** The eight groups of a valid IPv6 address; a zone (`%eth0`) is ignored. */
function ipv6Groups(address: string): number[] {
  let text = address.split('%', 1)[0]
  const dotted = text.lastIndexOf('.') >= 0 ? text.slice(text.lastIndexOf(':') + 1) : undefined
  if (dotted !== undefined) {
    const [a, b, c, d] = dotted.split('.').map(Number)
    const tail = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
    text = text.slice(0, text.length - dotted.length) + tail
  }
  const [head, tail] = text.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = !tail ? [] : tail.split(':')
  const missing = text.includes('::') ? 8 - left.length - right.length : 0
  return [...left, ...Array<string>(missing).fill('0'), ...right].map((group) => Number.parseInt(group, 16))
}
