import type { Credential } from './credential.ts'
import { CredentialFault } from './credential-fault.ts'
import { Secret } from './secret.ts'

/**
 * What Docker's `config.json` or podman's `auth.json` says. Maps, because the keys come from outside.
 * https://docs.docker.com/reference/cli/docker/login/#credential-stores,
 * https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md
 */
export interface AuthFile {
  /** By key as written: a host, `host/path`, or a legacy URL such as `https://index.docker.io/v1/`. */
  readonly auths: ReadonlyMap<string, Credential>
  /** Name of the helper program, by registry. */
  readonly credHelpers: ReadonlyMap<string, string>
  readonly credsStore?: string
}

/** The key under which Docker keeps Docker Hub's credential. */
export const dockerHubKey = 'https://index.docker.io/v1/'

const maxEntries = 10_000

/** Throws `CredentialFault` `malformed`. `path` names the file in messages; nothing of its content does. */
export function parseAuthFile(text: string, path: string): AuthFile {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    // The parser's message quotes the text around the error, which may be a password: it is not kept as a cause.
    throw new CredentialFault('malformed', `the credentials file ${path} is not JSON; repair or remove it`)
  }
  const fields = members(document, `the credentials file ${path}`)
  const auths = new Map<string, Credential>()
  for (const [key, entry] of entries(fields.get('auths'), `auths in ${path}`)) {
    const credential = readEntry(entry, key, path)
    if (credential) auths.set(key, credential)
  }
  const credHelpers = new Map<string, string>()
  for (const [key, name] of entries(fields.get('credHelpers'), `credHelpers in ${path}`)) {
    if (typeof name !== 'string') {
      throw new CredentialFault('malformed', `the credentials file ${path}: credHelpers must name programs`)
    }
    // An empty name turns the helper off for that registry.
    credHelpers.set(key, name)
  }
  const store = fields.get('credsStore')
  if (store !== undefined && store !== null && typeof store !== 'string') {
    throw new CredentialFault('malformed', `the credentials file ${path}: credsStore must name a program`)
  }
  return { auths, credHelpers, ...(store ? { credsStore: store } : {}) }
}

/** The entry of `auths` for a repository: the longest matching path first, then the host, then legacy URLs of that host. */
export function findAuth(file: AuthFile, registry: string, repository?: string): Credential | undefined {
  return findByKey(file.auths, registry, repository)?.value
}

/** The helper that `credHelpers` names for a repository, with the key it was found by. */
export function findHelper(
  file: AuthFile,
  registry: string,
  repository?: string,
): { readonly key: string; readonly value: string } | undefined {
  return findByKey(file.credHelpers, registry, repository)
}

function findByKey<Value>(
  map: ReadonlyMap<string, Value>,
  registry: string,
  repository: string | undefined,
): { readonly key: string; readonly value: Value } | undefined {
  const parts = repository ? repository.split('/') : []
  for (let length = parts.length; length >= 0; length--) {
    const key = [registry, ...parts.slice(0, length)].join('/')
    const value = map.get(key)
    if (value !== undefined) return { key, value }
  }
  for (const [key, value] of map) if (legacyHost(key) === registry) return { key, value }
  return undefined
}

/** Keys written by old clients: `https://host/v1/`, `https://host`, `host/v2/`. */
function legacyHost(key: string): string | undefined {
  const bare = /^https?:\/\//i.test(key) ? key.slice(key.indexOf('//') + 2) : undefined
  const text = bare ?? (/\/v[12]\/?$/.test(key) ? key : undefined)
  if (text === undefined)
    return key === 'index.docker.io' || key === 'registry-1.docker.io' ? 'docker.io' : undefined
  const slash = text.indexOf('/')
  const host = (slash < 0 ? text : text.slice(0, slash)).toLowerCase()
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host
}

function readEntry(entry: unknown, key: string, path: string): Credential | undefined {
  const what = `the credentials file ${path}: the entry ${JSON.stringify(key)}`
  const fields = members(entry, what)
  const source = path
  const registryToken = text(fields.get('registrytoken'), `${what}: registrytoken`)
  if (registryToken) return { kind: 'bearer', token: new Secret(registryToken), source }
  const { username, password } = readLogin(fields, what)
  const identityToken = text(fields.get('identitytoken'), `${what}: identitytoken`)
  if (identityToken) {
    return {
      kind: 'identity-token',
      token: new Secret(identityToken),
      ...(username ? { username } : {}),
      source,
    }
  }
  // Docker leaves empty entries behind for registries whose credential lies in a store.
  if (!username && !password) return undefined
  return { kind: 'basic', username, password: new Secret(password), source }
}

function readLogin(
  fields: ReadonlyMap<string, unknown>,
  what: string,
): { username: string; password: string } {
  const encoded = text(fields.get('auth'), `${what}: auth`)
  if (!encoded) {
    return {
      username: text(fields.get('username'), `${what}: username`) ?? '',
      password: text(fields.get('password'), `${what}: password`) ?? '',
    }
  }
  const decoded = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = decoded.indexOf(':')
  if (colon < 0) {
    throw new CredentialFault('malformed', `${what}: auth is not base64 of username:password; sign in again`)
  }
  return { username: decoded.slice(0, colon), password: withoutPadding(decoded.slice(colon + 1)) }
}

/** Some clients pad the password with NUL. */
function withoutPadding(password: string): string {
  let end = password.length
  while (end > 0 && password[end - 1] === '\0') end--
  return password.slice(0, end)
}

function text(value: unknown, what: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return value
  throw new CredentialFault('malformed', `${what} is not a text`)
}

function entries(value: unknown, what: string): Iterable<[string, unknown]> {
  if (value === undefined || value === null) return []
  const fields = members(value, what)
  if (fields.size > maxEntries)
    throw new CredentialFault('malformed', `${what}: more than ${maxEntries} entries`)
  return fields
}

function members(value: unknown, what: string): ReadonlyMap<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return new Map(Object.entries(value))
  throw new CredentialFault('malformed', `${what} is not a JSON object`)
}
