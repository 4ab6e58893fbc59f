import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

/** A certificate that signs itself, and its key; both PEM. */
export interface FakeCertificate {
  readonly certificate: string
  readonly key: string
}

/**
 * Makes a certificate for the given DNS names and for 127.0.0.1, valid from 2020 to 2049, so that no key lies in the
 * repository. The structure is RFC 5280's, section 4.1.
 */
export function makeFakeCertificate(names: readonly string[] = ['localhost']): FakeCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ecdsaWithSha256 = sequence(identifier('2a8648ce3d040302'))
  const name = sequence(
    tagged(0x31, sequence(identifier('550403'), tagged(0x0c, Buffer.from('fake registry')))),
  )
  const validity = sequence(
    tagged(0x17, Buffer.from('200101000000Z')),
    tagged(0x17, Buffer.from('491231235959Z')),
  )
  const alternatives = sequence(
    ...names.map((dns) => tagged(0x82, Buffer.from(dns))),
    tagged(0x87, Buffer.from([127, 0, 0, 1])),
  )
  const authority = sequence(tagged(0x01, Buffer.from([0xff])))
  const extensions = sequence(
    sequence(identifier('551d13'), tagged(0x04, authority)),
    sequence(identifier('551d11'), tagged(0x04, alternatives)),
  )
  const serial = Buffer.concat([Buffer.from([0x01]), randomBytes(15)])
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))), // version 3
    tagged(0x02, serial),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, extensions),
  )
  const signature = tagged(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', body, privateKey)]))
  const der = sequence(body, ecdsaWithSha256, signature)
  const lines = der.toString('base64').match(/.{1,64}/g) ?? []
  return {
    certificate: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts))
}

function identifier(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'))
}

/** One DER value: tag, length, content. */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from(head), content])
}
