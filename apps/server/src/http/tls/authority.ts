import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import { isIP } from 'node:net'
import type { Certificate } from '../app.ts'
import { bits, identifier, integer, numbered, octets, pem, sequence, tagged, time, yes } from './der.ts'

const day = 86_400_000

/** Days that our certificates hold. Browsers refuse server certificates of more than 398. */
export const certificateDays = { authority: 3650, server: 397 }

/** A certificate authority of our own, for a server that has no certificate: to be trusted by hand. */
export function makeAuthority(now: Date): Certificate {
  const { privateKey, publicKey } = keyPair()
  const name = nameOf('Lanner CA', randomBytes(4).toString('hex'))
  const certificate = signed(
    {
      issuer: name,
      subject: name,
      publicKey,
      now,
      days: certificateDays.authority,
      extensions: [
        // It may sign certificates of servers, none of further authorities.
        extension('2.5.29.19', sequence(yes, integer(0)), true),
        extension('2.5.29.15', bits(Buffer.from([0b0000_0110]), 1), true),
        extension('2.5.29.14', octets(keyId(publicKey))),
        extension('2.5.29.35', sequence(tagged(0x80, keyId(publicKey)))),
      ],
    },
    privateKey,
  )
  return { cert: pem('CERTIFICATE', certificate), key: exported(privateKey) }
}

/** A server's certificate, followed by the authority's, for DNS names and IP addresses. */
export function issueCertificate(authority: Certificate, names: readonly string[], now: Date): Certificate {
  const { privateKey, publicKey } = keyPair()
  const authorityKey = createPrivateKey(authority.key)
  const certificate = signed(
    {
      issuer: subjectOf(authority.cert),
      subject: nameOf(names[0] ?? 'localhost'),
      publicKey,
      now,
      days: certificateDays.server,
      extensions: [
        extension('2.5.29.19', sequence(), true),
        extension('2.5.29.15', bits(Buffer.from([0b1000_0000]), 7), true),
        extension('2.5.29.37', sequence(identifier('1.3.6.1.5.5.7.3.1'))),
        extension('2.5.29.17', sequence(...names.map(alternativeName))),
        extension('2.5.29.14', octets(keyId(publicKey))),
        extension('2.5.29.35', sequence(tagged(0x80, keyId(createPublicKey(authorityKey))))),
      ],
    },
    authorityKey,
  )
  return { cert: `${pem('CERTIFICATE', certificate)}${authority.cert}`, key: exported(privateKey) }
}

interface Claims {
  readonly issuer: Buffer
  readonly subject: Buffer
  readonly publicKey: KeyObject
  readonly now: Date
  readonly days: number
  readonly extensions: readonly Buffer[]
}

/** RFC 5280 section 4.1. */
function signed(claims: Claims, key: KeyObject): Buffer {
  const ecdsaWithSha256 = sequence(identifier('1.2.840.10045.4.3.2'))
  const serial = randomBytes(16)
  // Positive, and never with a leading zero.
  serial[0] = (serial[0]! & 0x7f) | 0x40
  // Clocks of clients go wrong by hours.
  const from = new Date(claims.now.getTime() - day)
  const until = new Date(claims.now.getTime() + claims.days * day)
  const body = sequence(
    numbered(0, integer(2)),
    integer(serial),
    ecdsaWithSha256,
    claims.issuer,
    sequence(time(from), time(until)),
    claims.subject,
    claims.publicKey.export({ type: 'spki', format: 'der' }),
    numbered(3, sequence(...claims.extensions)),
  )
  return sequence(body, ecdsaWithSha256, bits(sign('sha256', body, key)))
}

function keyPair() {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' })
}

function exported(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string
}

/** RFC 5280 section 4.2.1.2, method 1: over the bits of the key itself, which end the structure. */
function keyId(key: KeyObject): Buffer {
  const point = key.export({ type: 'spki', format: 'der' }).subarray(-65)
  return createHash('sha1').update(point).digest()
}

function nameOf(commonName: string, organizationalUnit?: string): Buffer {
  const part = (type: string, text: string) =>
    tagged(0x31, sequence(identifier(type), tagged(0x0c, Buffer.from(text.slice(0, 64)))))
  return sequence(
    part('2.5.4.10', 'Lanner'),
    ...(organizationalUnit === undefined ? [] : [part('2.5.4.11', organizationalUnit)]),
    part('2.5.4.3', commonName),
  )
}

/** The bytes of a certificate's subject: the sixth member of what is signed, counted with the version. */
function subjectOf(certificate: string): Buffer {
  const der = Buffer.from(certificate.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')
  const body = inside(inside(der).content)
  let rest = body.content
  for (let index = 0; index < 5; index++) rest = rest.subarray(inside(rest).end)
  return rest.subarray(0, inside(rest).end)
}

/** Bounds of the value that some bytes begin with; of our own making, so nothing about them is doubted. */
function inside(bytes: Buffer): { readonly content: Buffer; readonly end: number } {
  const short = bytes[1]!
  const lengthBytes = short < 0x80 ? 0 : short & 0x7f
  const length = lengthBytes === 0 ? short : bytes.readUIntBE(2, lengthBytes)
  const start = 2 + lengthBytes
  const content = bytes.subarray(start, start + length)
  return { content, end: start + length }
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(identifier(id), ...(critical ? [yes] : []), octets(value))
}

/** RFC 5280 section 4.2.1.6. */
function alternativeName(name: string): Buffer {
  if (isIP(name) === 0) return tagged(0x82, Buffer.from(name))
  return tagged(0x87, isIP(name) === 4 ? Buffer.from(name.split('.').map(Number)) : ipv6(name))
}

function ipv6(address: string): Buffer {
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const groups = (text: string) => text.split(':').filter((group) => group !== '')
  const before = groups(head)
  const after = groups(tail ?? '')
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return Buffer.from([...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join(''), 'hex')
}
