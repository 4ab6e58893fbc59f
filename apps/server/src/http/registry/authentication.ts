import type { FastifyRequest } from 'fastify'
import { mayAct, type RegistryAccess, type RegistryCaller } from '../../use-cases/registry-access.ts'
import type { RegistryAction } from '../../use-cases/registry-token.ts'

/** What a request has to be allowed: an action in a repository, or in the catalog; nothing but a sign-in at the base. */
export interface Need {
  readonly repository: string
  readonly action: RegistryAction
}

/** Nobody known, or somebody who may not. */
export interface Challenge {
  readonly status: 401 | 403
  readonly message: string
  /** `WWW-Authenticate`. */
  readonly challenge?: string
}

export type Authenticate = (request: FastifyRequest, need?: Need) => Promise<RegistryCaller | Challenge>

/** How this registry calls itself in challenges and tokens. */
export const registryService = 'lanner'

/** Signs in by Basic or Bearer; who has not, is sent to the token endpoint of the address that he used. */
export function registryAuthentication(
  access: RegistryAccess,
  options: {
    /** Where clients reach this server, if not where their request says: `https://registry.example`. */
    readonly publicUrl?: string
  } = {},
): Authenticate {
  return async (request, need) => {
    const caller = await access.identify(request.headers.authorization, request.ip)
    const allowed = caller && (!need || mayAct(caller, need.repository, need.action))
    if (allowed) return caller
    const url = options.publicUrl ?? `${request.protocol}://${hostOf(request)}`
    const realm = `Bearer realm="${url}/v2/token",service="${registryService}"${scopeOf(need)}`
    if (!caller) {
      const failed = request.headers.authorization !== undefined
      const message = failed ? 'the credentials are not valid, or no longer' : 'sign in first'
      return { status: 401, message, challenge: realm }
    }
    const message = `${caller.actor} may not ${need?.action} ${need?.repository}`
    return caller.byToken
      ? { status: 401, message, challenge: `${realm},error="insufficient_scope"` }
      : { status: 403, message }
  }
}

/** Never what could end the quoted text. */
function hostOf(request: FastifyRequest): string {
  return request.host.replaceAll(/[^A-Za-z0-9.:[\]_-]/g, '')
}

function scopeOf(need: Need | undefined): string {
  if (!need) return ''
  const { repository, action } = need
  if (repository.startsWith('registry:')) return `,scope="${repository}:*"`
  // What can be no name needs no token, and must not end the quoted text.
  if (!/^[a-z0-9._/-]+$/.test(repository)) return ''
  return `,scope="repository:${repository}:${action === 'push' ? 'pull,push' : action}"`
}
