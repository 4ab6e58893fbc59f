import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, parseDigest } from '@lanner/model'
import { type ImageSource, openDockerArchive, openLayout, parseReference, ReferenceFault } from '@lanner/oci'

/** How a source may be reached. */
export interface OpenSourceOptions {
  /** Refuse whatever needs the network. */
  readonly offline?: boolean
  /** Allow plain http and unverified certificates for this registry. */
  readonly insecure?: boolean
  readonly caFile?: string
  readonly login?: { readonly username: string; readonly password: string }
  /** Where `docker login` and `podman login` left credentials; without it, none are looked for. */
  readonly homeFolder?: string
  /** Names those files, proxies, and what credential helpers run with. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  readonly version: string
  readonly signal?: AbortSignal
}

/** What was named cannot be opened, or not without the network that is forbidden. */
export class OpenSourceFault extends Fault<'offline' | 'not-found' | 'unreadable'> {}

/**
 * The image source that a text names: `oci:PATH[:TAG|@DIGEST]`, `docker-archive:FILE[:NAME:TAG]`, otherwise a registry
 * reference, with or without `docker://`.
 */
export async function openSource(text: string, options: OpenSourceOptions): Promise<ImageSource> {
  const signal = options.signal ? { signal: options.signal } : {}
  if (text.startsWith('oci:')) {
    const { path, rest } = splitPath(text.slice('oci:'.length), text)
    if (!rest?.startsWith('@'))
      return openLayout(path, { reference: text, ...(rest ? { tag: rest } : {}), ...signal })
    const digest = parseDigest(rest.slice(1))
    if (!digest) throw new OpenSourceFault('not-found', `${text}: ${rest.slice(1)} is no digest`)
    return openLayout(path, { reference: text, digest, ...signal })
  }
  if (text.startsWith('docker-archive:')) {
    const { path, rest } = splitPath(text.slice('docker-archive:'.length), text)
    return openDockerArchive(path, { reference: text, ...(rest ? { tag: rest } : {}), ...signal })
  }
  const reference = text.replace(/^docker:\/\//, '')
  checkReference(reference, text)
  if (options.offline)
    throw new OpenSourceFault(
      'offline',
      `${text} lies in a registry, and --offline allows no network: use oci:PATH or docker-archive:FILE`,
    )
  const ca = options.caFile === undefined ? undefined : readCertificates(options.caFile)
  const { openRegistry } = await import('./open-registry.ts')
  return openRegistry(reference, options, ca)
}

/** Other tools' words for what lies on this machine; as references they would be asked for at Docker Hub. */
const otherTools: Readonly<Record<string, string>> = {
  'oci-archive': 'write oci:FILE, which reads a tar as well',
  'docker-daemon': 'write it to a file with `docker save`, and name that docker-archive:FILE',
  'containers-storage': 'write it to a file with `podman save`, and name that docker-archive:FILE',
}

/** Refuses what is no reference, and what is surely meant to be a file, before any registry hears of it. */
function checkReference(reference: string, text: string): void {
  const prefix = /^[a-z-]+(?=:)/.exec(text)?.[0] ?? ''
  if (Object.hasOwn(otherTools, prefix))
    throw new OpenSourceFault('not-found', `${text}: ${prefix}: is not read; ${otherTools[prefix]}`)
  const onDisk = reference === text ? wayToFile(text) : undefined
  try {
    const { registry } = parseReference(reference)
    // Docker Hub is meant wherever no registry is named.
    if (!onDisk || registry !== 'docker.io') return
  } catch (error) {
    if (!(error instanceof ReferenceFault)) throw error
    const way = onDisk ?? (/^\.{0,2}\//.test(text) ? `oci:${text} or docker-archive:${text}` : undefined)
    const hint = way ? `; for what lies on this machine write ${way}` : ''
    throw new ReferenceFault(error.code, `${error.message}${hint}`, { cause: error })
  }
  throw new OpenSourceFault(
    'not-found',
    `${text} lies on this machine: write ${onDisk}, or docker.io/… with its full name for the registry`,
  )
}

/** How to name a layout, an archive or a document that lies at `path`; undefined where there is none of these. */
function wayToFile(path: string): string | undefined {
  const found = existsSync(path) ? statSync(path, { throwIfNoEntry: false }) : undefined
  if (found?.isDirectory() && existsSync(join(path, 'index.json'))) return `oci:${path}`
  if (!found?.isFile()) return undefined
  if (/\.(?:tar|tgz|tar\.[a-z]+)$/i.test(path)) return `docker-archive:${path} or oci:${path}`
  return /\.(?:json|spdx)$/i.test(path) ? `sbom:${path}` : undefined
}

/** Splits `PATH[:REST]` where the longest part that exists is the path: both a path and a tag may hold colons. */
function splitPath(text: string, whole: string): { path: string; rest?: string } {
  if (existsSync(text)) return { path: text }
  for (let end = text.length - 1; end > 0; end--) {
    const separator = text[end]
    if (separator !== ':' && separator !== '@') continue
    const path = text.slice(0, end)
    if (existsSync(path)) return { path, rest: separator === '@' ? text.slice(end) : text.slice(end + 1) }
  }
  throw new OpenSourceFault(
    'not-found',
    `${whole}: there is no file or folder ${text.replace(/[:@].*$/, '')}`,
  )
}

function readCertificates(path: string): string {
  try {
    const text = readFileSync(path, 'utf8')
    // TLS would pass over whatever is none, and the registry be distrusted for it.
    if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new Error('it holds no certificate in PEM')
    return text
  } catch (error) {
    throw new OpenSourceFault(
      'unreadable',
      `cannot read the certificates in ${path}: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
