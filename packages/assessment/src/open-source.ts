import { existsSync, readFileSync } from 'node:fs'
import { Fault, parseDigest } from '@lanner/model'
import { type ImageSource, openDockerArchive, openLayout } from '@lanner/oci'

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
  if (text.startsWith('oci:')) {
    const { path, rest } = splitPath(text.slice('oci:'.length), text)
    if (!rest?.startsWith('@')) return openLayout(path, { reference: text, ...(rest ? { tag: rest } : {}) })
    const digest = parseDigest(rest.slice(1))
    if (!digest) throw new OpenSourceFault('not-found', `${text}: ${rest.slice(1)} is no digest`)
    return openLayout(path, { reference: text, digest })
  }
  if (text.startsWith('docker-archive:')) {
    const { path, rest } = splitPath(text.slice('docker-archive:'.length), text)
    return openDockerArchive(path, { reference: text, ...(rest ? { tag: rest } : {}) })
  }
  if (options.offline)
    throw new OpenSourceFault(
      'offline',
      `${text} lies in a registry, and --offline allows no network: use oci:PATH or docker-archive:FILE`,
    )
  const ca = options.caFile === undefined ? undefined : readCertificates(options.caFile)
  const { openRegistry } = await import('./open-registry.ts')
  return openRegistry(text.replace(/^docker:\/\//, ''), options, ca)
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
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new OpenSourceFault(
      'unreadable',
      `cannot read the certificates in ${path}: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
