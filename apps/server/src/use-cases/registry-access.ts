import type { Caller } from '@lanner/contract'
import { Secret } from '@lanner/oci'
import {
  isRegistryToken,
  type RegistryAction,
  type RegistryRights,
  readRegistryToken,
  type SigningKeys,
  signRegistryToken,
} from './registry-token.ts'

/** Who somebody is, by what he shows; the identity room's. */
export interface RegistryAuthenticator {
  basic(user: string, password: Secret, address?: string): Promise<Caller | undefined>
  bearer(token: string): Promise<Caller | undefined>
}

/** Who pushes, pulls or deletes, and where he may. */
export interface RegistryCaller {
  readonly cid: string
  readonly actor: string
  readonly rights: RegistryRights
  /** Milliseconds since 1970 when what he showed ends, if it does. */
  readonly until?: number
  /** Whether he showed one of our access tokens: with a wider one he may do more. */
  readonly byToken: boolean
}

/** A token for the Bearer header, as the token endpoint answers it. */
export interface IssuedRegistryToken {
  readonly token: string
  /** Seconds. */
  readonly expiresIn: number
  readonly issuedAt: Date
}

/** Who may do what in the push registry. */
export interface RegistryAccess {
  /** Whose an Authorization header is; undefined when it is absent, malformed or wrong. */
  identify(authorization: string | undefined, address?: string): Promise<RegistryCaller | undefined>
  /** A token for what was asked for, as far as the caller may: `repository:shop/checkout:pull,push`. */
  issueToken(caller: RegistryCaller, scopes: readonly string[]): IssuedRegistryToken
  /** A password for the user `fc-<cid>` that may pull everything of a tenant, for so many seconds. */
  issuePullToken(cid: string, seconds: number): string
}

/** Seconds that an access token lives: it cannot be revoked. */
export const registryTokenLifetime = 300
/** Scopes that one token is given at most. */
export const maxTokenScopes = 32
/** The right to list repositories, which is of no repository. */
export const catalogRight = 'registry:catalog'
const everywhere = '*'

const pulling = [
  'falcon-container-image:read',
  'falcon-container-image:write',
  'falcon-container-cli:read',
  'falcon-container-cli:write',
  'falcon-container:read',
]
const pushing = ['falcon-container-image:write', 'falcon-container-cli:write']
const deleting = ['falcon-container-image:write']

export function registryAccess(ports: {
  readonly authenticator: RegistryAuthenticator
  readonly keys: SigningKeys
  readonly clock: () => number
}): RegistryAccess {
  const { authenticator, keys, clock } = ports

  async function byBasic(credentials: string, address?: string): Promise<RegistryCaller | undefined> {
    const text = Buffer.from(credentials, 'base64').toString('utf8')
    const colon = text.indexOf(':')
    if (colon < 0) return undefined
    const user = text.slice(0, colon)
    const password = text.slice(colon + 1)
    const tenant = /^fc-([0-9a-f]{32})(?:-[0-9a-f]{2})?$/i.exec(user)
    if (!tenant) return fromCaller(await authenticator.basic(user, new Secret(password), address))
    const claims = readRegistryToken(keys, password, clock())
    if (claims?.purpose !== 'pull' || claims.cid !== tenant[1].toLowerCase()) return undefined
    const { cid, actor, rights, expires } = claims
    return { cid, actor, rights, until: expires, byToken: false }
  }

  async function byBearer(token: string): Promise<RegistryCaller | undefined> {
    if (!isRegistryToken(token)) return fromCaller(await authenticator.bearer(token))
    const claims = readRegistryToken(keys, token, clock())
    if (claims?.purpose !== 'access') return undefined
    const { cid, actor, rights, expires } = claims
    return { cid, actor, rights, until: expires, byToken: true }
  }

  return {
    async identify(authorization, address) {
      const [scheme = '', value, ...more] = (authorization ?? '').trim().split(/ +/)
      if (!value || more.length > 0) return undefined
      if (scheme.toLowerCase() === 'basic') return byBasic(value, address)
      return scheme.toLowerCase() === 'bearer' ? byBearer(value) : undefined
    },

    issueToken(caller, scopes) {
      const now = clock()
      const expires = Math.min(now + registryTokenLifetime * 1_000, caller.until ?? Number.POSITIVE_INFINITY)
      const { cid, actor } = caller
      const rights = granted(caller, scopes)
      return {
        token: signRegistryToken(keys, { purpose: 'access', cid, actor, rights, expires }),
        expiresIn: Math.max(0, Math.floor((expires - now) / 1_000)),
        issuedAt: new Date(now),
      }
    },

    issuePullToken(cid, seconds) {
      const rights = new Map([[everywhere, new Set<RegistryAction>(['pull'])]])
      const expires = clock() + seconds * 1_000
      return signRegistryToken(keys, { purpose: 'pull', cid, actor: `fc-${cid}`, rights, expires })
    },
  }
}

/** Whether a caller may do something in a repository, or pull the list of them (`catalogRight`). */
export function mayAct(caller: RegistryCaller, repository: string, action: RegistryAction): boolean {
  return Boolean(caller.rights.get(everywhere)?.has(action) || caller.rights.get(repository)?.has(action))
}

function fromCaller(caller: Caller | undefined): RegistryCaller | undefined {
  if (!caller) return undefined
  const has = (scopes: readonly string[]): boolean => scopes.some((scope) => caller.scopes.has(scope))
  const actions = new Set<RegistryAction>()
  if (has(pulling)) actions.add('pull')
  if (has(pushing)) actions.add('push')
  if (has(deleting)) actions.add('delete')
  return {
    cid: caller.cid,
    actor: caller.actor,
    rights: new Map([[everywhere, actions]]),
    byToken: false,
  }
}

/** https://distribution.github.io/distribution/spec/auth/scope/: `type:name:action,action`; `*` is every action. */
function granted(caller: RegistryCaller, scopes: readonly string[]): RegistryRights {
  const rights = new Map<string, Set<RegistryAction>>()
  for (const scope of scopes.slice(0, maxTokenScopes)) {
    const parts = /^(repository(?:\([a-z0-9]+\))?|registry):([a-z0-9./_-]{1,255}):([a-z*,]{0,64})$/.exec(
      scope,
    )
    if (!parts) continue
    const name = parts[1] === 'registry' ? `registry:${parts[2]}` : parts[2]
    const asked = parts[3].split(',')
    const may = (['pull', 'push', 'delete'] as const).filter(
      (action) => (asked.includes(action) || asked.includes('*')) && mayAct(caller, name, action),
    )
    if (may.length > 0) rights.set(name, new Set([...(rights.get(name) ?? []), ...may]))
  }
  return rights
}
