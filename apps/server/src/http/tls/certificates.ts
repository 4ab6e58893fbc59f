import { createPrivateKey, X509Certificate } from 'node:crypto'
import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { makeFolder } from '../../make-folder.ts'
import type { Certificate } from '../app.ts'
import { issueCertificate, makeAuthority } from './authority.ts'
import { TlsFault } from './tls-fault.ts'

/** Where a certificate comes from: asked at the start, and again to see whether it is another. */
export interface CertificateSource {
  /** Throws TlsFault. */
  read(): Promise<Certificate>
}

/** Files of the operator's; PEM, the chain after the certificate. */
export function certificateFiles(certificatePath: string, keyPath: string): CertificateSource {
  return {
    async read() {
      const [cert, key] = await Promise.all([readPem(certificatePath), readPem(keyPath)])
      check({ cert, key }, certificatePath, keyPath)
      return { cert, key }
    },
  }
}

/** Files in the data directory's `tls` folder: the authority to trust is `ca.pem`. */
const selfSignedFiles = {
  authority: 'ca.pem',
  authorityKey: 'ca.key',
  server: 'server.pem',
  serverKey: 'server.key',
} as const

const day = 86_400_000
/** A server certificate that ends in less is made anew. */
const renewBefore = 30 * day

/** A certificate of our own making, for the names of this machine and further ones; made anew in time. */
export function selfSignedCertificates(
  dataFolder: string,
  furtherNames: readonly string[],
  clock: () => number,
): CertificateSource & { readonly authorityPath: string } {
  const folder = join(dataFolder, 'tls')
  const names = [...new Set(['localhost', '127.0.0.1', '::1', hostname(), ...furtherNames])]
  const at = (file: keyof typeof selfSignedFiles) => join(folder, selfSignedFiles[file])

  async function pair(cert: 'authority' | 'server', key: 'authorityKey' | 'serverKey') {
    try {
      const found = { cert: await readFile(at(cert), 'utf8'), key: await readFile(at(key), 'utf8') }
      check(found, at(cert), at(key))
      return found
    } catch (error) {
      // Missing, or torn by a crash between the two: made anew.
      if (error instanceof TlsFault || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }

  async function put(file: keyof typeof selfSignedFiles, text: string, mode: number): Promise<void> {
    const draft = `${at(file)}.${process.pid}`
    await writeFile(draft, text, { mode })
    await chmod(draft, mode)
    await rename(draft, at(file))
  }

  return {
    authorityPath: at('authority'),
    async read() {
      await makeFolder(folder)
      const now = new Date(clock())
      let authority = await pair('authority', 'authorityKey')
      if (!authority || endsBefore(authority.cert, now.getTime() + renewBefore)) {
        authority = makeAuthority(now)
        await put('authorityKey', authority.key, 0o600)
        await put('authority', authority.cert, 0o644)
      }
      const server = await pair('server', 'serverKey')
      if (server && holds(server.cert, authority.cert, names, now.getTime() + renewBefore)) return server
      const made = issueCertificate(authority, names, now)
      await put('serverKey', made.key, 0o600)
      await put('server', made.cert, 0o644)
      return made
    },
  }
}

function holds(cert: string, authority: string, names: readonly string[], until: number): boolean {
  const certificate = new X509Certificate(cert)
  return (
    !endsBefore(cert, until) &&
    certificate.verify(new X509Certificate(authority).publicKey) &&
    names.every((name) => (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)))
  )
}

function endsBefore(cert: string, instant: number): boolean {
  return new X509Certificate(cert).validToDate.getTime() < instant
}

async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new TlsFault('unreadable', `${path} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

function check({ cert, key }: Certificate, certificatePath: string, keyPath: string): void {
  let belong: boolean
  try {
    belong = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  } catch {
    // The cause may quote the key.
    throw new TlsFault('unusable', `${certificatePath} and ${keyPath} are not a certificate and a key in PEM`)
  }
  if (!belong) throw new TlsFault('unusable', `the key in ${keyPath} is not that of ${certificatePath}`)
}

/** Days until a certificate ends, rounded down; negative for one that has ended. */
export function daysLeft({ cert }: Certificate, now: number): number {
  return Math.floor((new X509Certificate(cert).validToDate.getTime() - now) / day)
}

/** Milliseconds between looks at a certificate. */
const lookEvery = 5000

/**
 * Tells of another certificate as soon as its source has one, so that it is used without a restart. A source that fails,
 * such as one that is just being written, is asked again; the certificate in use stays. Gives what ends it.
 */
export function watchCertificate(
  source: CertificateSource,
  current: Certificate,
  options: {
    readonly changed: (certificate: Certificate) => void
    readonly failed: (error: unknown) => void
    readonly every?: number
  },
): () => void {
  let used = current
  let failing = false
  let looking = false
  const timer = setInterval(async () => {
    if (looking) return
    looking = true
    try {
      const found = await source.read()
      failing = false
      if (found.cert === used.cert && found.key === used.key) return
      options.changed(found)
      used = found
    } catch (error) {
      if (!failing) options.failed(error)
      failing = true
    } finally {
      looking = false
    }
  }, options.every ?? lookEvery)
  timer.unref()
  return () => clearInterval(timer)
}
