import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type Failure, LannerClient, type LannerClientOptions } from '@lanner/sdk'
import type { CommandCall, OptionTable } from './command.ts'
import { UsageError } from './exit.ts'

/** Options of every command that asks a running server. */
export const connectionOptions: OptionTable = {
  url: {
    type: 'string',
    value: 'URL',
    help: 'Address of the server. Default: LANNER_URL, else the one in bootstrap.json.',
  },
  'data-dir': {
    type: 'string',
    value: 'DIR',
    help: 'Data directory of a server on this machine: its bootstrap.json names address and credentials. Default: LANNER_DATA_DIR, else .lanner.',
  },
  'client-id': {
    type: 'string',
    value: 'ID',
    help: 'Sign in as this client, with the secret in LANNER_CLIENT_SECRET. Default: LANNER_CLIENT_ID, else the client in bootstrap.json.',
  },
  ca: {
    type: 'string',
    value: 'FILE',
    help: 'Certificate authority to trust, PEM. Default: the one that --tls self-signed made in the data directory.',
  },
}

/** What the first start leaves in the data directory. */
export interface Bootstrap {
  readonly folder: string
  readonly path: string
  readonly url?: string
  readonly clientId?: string
  readonly clientSecret?: string
}

/** Where to call, as whom, and where that is from. */
export interface Connection {
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
}

/** The data directory that the options or the environment name. */
export function dataFolderOf({ options, settings }: Pick<CommandCall, 'options' | 'settings'>): string {
  return resolve(options.text('data-dir') ?? (settings.environment['LANNER_DATA_DIR'] || '.lanner'))
}

/** Of the data directory; undefined where there is no such file, or nothing whole in it. */
export function readBootstrap(folder: string): Bootstrap | undefined {
  const path = join(folder, 'bootstrap.json')
  if (!existsSync(path)) return undefined
  try {
    const content = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    const text = (name: string) => (typeof content[name] === 'string' ? { [name]: content[name] } : {})
    const { url, client_id, client_secret } = {
      ...text('url'),
      ...text('client_id'),
      ...text('client_secret'),
    }
    return {
      folder,
      path,
      ...(url === undefined ? {} : { url }),
      ...(client_id === undefined ? {} : { clientId: client_id }),
      ...(client_secret === undefined ? {} : { clientSecret: client_secret }),
    }
  } catch {
    return undefined
  }
}

/**
 * A client for the server that options and environment name. The credentials of a data directory that nobody named go to no
 * other address than its own server's. Throws UsageError where address or credentials are missing.
 */
export function connect(
  call: Pick<CommandCall, 'options' | 'settings' | 'version'>,
  command: string,
  more: Pick<LannerClientOptions, 'timeout'> = {},
): LannerClient {
  const { url, clientId, clientSecret } = connectionOf(call, command)
  trust(call, command, url)
  return clientOf({ url, clientId, clientSecret }, call.version, command, more)
}

/** Throws UsageError. */
export function connectionOf(call: Pick<CommandCall, 'options' | 'settings'>, command: string): Connection {
  const { options, settings } = call
  const { LANNER_URL, LANNER_CLIENT_ID, LANNER_CLIENT_SECRET } = settings.environment
  const folder = dataFolderOf(call)
  const bootstrap = readBootstrap(folder)
  const named = options.given('data-dir')
  const url = options.text('url') ?? (named ? bootstrap?.url : undefined) ?? (LANNER_URL || bootstrap?.url)
  if (!url)
    throw new UsageError(
      `no server: there is no address in ${join(folder, 'bootstrap.json')}; name one with --url or LANNER_URL, or another --data-dir`,
      command,
    )
  const given = options.text('client-id')
  if (given !== undefined) {
    if (!LANNER_CLIENT_SECRET)
      throw new UsageError('--client-id needs the secret in LANNER_CLIENT_SECRET', command)
    return { url, clientId: given, clientSecret: LANNER_CLIENT_SECRET }
  }
  const own = named || sameOrigin(url, bootstrap?.url)
  const kept =
    own && bootstrap?.clientId && bootstrap.clientSecret
      ? { url, clientId: bootstrap.clientId, clientSecret: bootstrap.clientSecret }
      : undefined
  if (named && kept) return kept
  if (LANNER_CLIENT_ID && LANNER_CLIENT_SECRET)
    return { url, clientId: LANNER_CLIENT_ID, clientSecret: LANNER_CLIENT_SECRET }
  if (kept) return kept
  throw new UsageError(
    `no credentials for ${url}: set LANNER_CLIENT_ID and LANNER_CLIENT_SECRET, or name the server's --data-dir`,
    command,
  )
}

function clientOf(
  { url, clientId, clientSecret }: Connection,
  version: string,
  command: string,
  more: Pick<LannerClientOptions, 'timeout'>,
): LannerClient {
  try {
    return new LannerClient({ ...more, baseUrl: url, clientId, clientSecret, userAgent: `lanner/${version}` })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), command)
  }
}

function sameOrigin(one: string, other: string | undefined): boolean {
  const [a, b] = [URL.parse(one), other === undefined ? null : URL.parse(other)]
  return a !== null && b !== null && a.origin === b.origin
}

/** Has this process believe an authority of one's own, beside those that it believes anyway. */
export function trust(call: Pick<CommandCall, 'options' | 'settings'>, command: string, url: string): void {
  const given = call.options.text('ca')
  const made = join(dataFolderOf(call), 'tls', 'ca.pem')
  const path = given ?? (url.startsWith('https:') && existsSync(made) ? made : undefined)
  if (path === undefined) return
  const tls = process.getBuiltinModule('node:tls')
  if (!tls.setDefaultCACertificates)
    throw new UsageError(
      `Node ${process.version} cannot be told of ${path}: set NODE_EXTRA_CA_CERTS to it`,
      command,
    )
  try {
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), readFileSync(path, 'utf8')])
  } catch (error) {
    throw new UsageError(`--ca ${path}: ${error instanceof Error ? error.message : String(error)}`, command)
  }
}

/** What went wrong with a call, for people. */
export function failureText(what: string, { reason, message, status }: Failure): string {
  if (reason === 'unreachable') return `${what}: ${message}; does the server run?`
  return `${what}: ${message}${status > 0 ? ` (status ${status})` : ''}`
}
