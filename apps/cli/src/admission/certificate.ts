import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { UsageError } from '../exit.ts'

/** Where certificate and key lie. */
export interface CertificatePaths {
  readonly certificate: string
  readonly key: string
  /** Of the authority whose certificates clients must have. */
  readonly clientCa?: string
}

/** The contents of the files, PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
  readonly ca?: string
}

/** Reads the files and whether they belong to each other. Throws UsageError, which quotes none of them. */
export async function readCertificate({
  certificate,
  key,
  clientCa,
}: CertificatePaths): Promise<Certificate> {
  const [cert, secret, ca] = await Promise.all([
    readPem('--tls-cert', certificate),
    readPem('--tls-key', key),
    clientCa === undefined ? undefined : readPem('--client-ca', clientCa),
  ])
  let belong: boolean
  try {
    belong = new X509Certificate(cert).checkPrivateKey(createPrivateKey(secret))
  } catch {
    throw new UsageError(`${certificate} and ${key} are not a certificate and a key in PEM`, 'admission')
  }
  if (!belong) throw new UsageError(`the key in ${key} is not that of ${certificate}`, 'admission')
  if (ca !== undefined && !isCertificate(ca))
    throw new UsageError(`--client-ca ${clientCa} is not a certificate in PEM`, 'admission')
  return { cert, key: secret, ...(ca === undefined ? {} : { ca }) }
}

/** When the certificate ends. */
export function endOfCertificate({ cert }: Certificate): Date {
  return new X509Certificate(cert).validToDate
}

async function readPem(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new UsageError(
      `${option} ${path}: ${error instanceof Error ? error.message : String(error)}`,
      'admission',
    )
  }
}

function isCertificate(text: string): boolean {
  try {
    new X509Certificate(text)
    return true
  } catch {
    return false
  }
}

/**
 * Looks whether the files changed and tells of another certificate. Files that cannot be used, such as ones that are just
 * being written, leave the one in use; that is told once until they can.
 */
export class CertificateWatch {
  readonly #paths: CertificatePaths
  readonly #changed: (certificate: Certificate) => void
  readonly #failed: (problem: string) => void
  #used: Certificate
  #looking: Promise<void> | undefined
  #failing = false

  constructor(
    paths: CertificatePaths,
    used: Certificate,
    told: {
      readonly changed: (certificate: Certificate) => void
      readonly failed: (problem: string) => void
    },
  ) {
    this.#paths = paths
    this.#used = used
    this.#changed = told.changed
    this.#failed = told.failed
  }

  /** One look; looks at the same time are one. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async #look(): Promise<void> {
    try {
      const found = await readCertificate(this.#paths)
      const { cert, key, ca } = this.#used
      if (found.cert !== cert || found.key !== key || found.ca !== ca) {
        this.#changed(found)
        this.#used = found
      }
      this.#failing = false
    } catch (error) {
      if (!this.#failing) this.#failed(error instanceof Error ? error.message : String(error))
      this.#failing = true
    }
  }
}
