import type { Secret } from './secret.ts'

/** What a registry is shown. `source` says in messages where it came from, for instance a file's path. */
export type Credential =
  | { readonly kind: 'anonymous'; readonly source: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: Secret; readonly source: string }
  /** A refresh token: traded for access tokens at the registry's realm (`identitytoken` of Docker's config). */
  | {
      readonly kind: 'identity-token'
      readonly token: Secret
      readonly username?: string
      readonly source: string
    }
  /** Sent to the registry as it is (`registrytoken` of Docker's config). */
  | { readonly kind: 'bearer'; readonly token: Secret; readonly source: string }

/** Nothing is shown: what a registry gives to anybody. */
export const anonymous: Credential = { kind: 'anonymous', source: 'no credential' }

/** Finds what to show for a repository, or undefined when it knows nothing. Throws `CredentialFault`. */
export type FindCredential = (target: CredentialTarget) => Promise<Credential | undefined>

/** What a credential is looked up for. */
export interface CredentialTarget {
  /** As in `Reference`: `docker.io`, `localhost:5000`. */
  readonly registry: string
  /** Absent for questions about the registry as a whole. */
  readonly repository?: string
  readonly signal?: AbortSignal
}

/** Asks one finder after the other; the first that knows something decides. */
export function firstCredential(...finders: readonly FindCredential[]): FindCredential {
  return async (target) => {
    for (const find of finders) {
      const found = await find(target)
      if (found) return found
    }
    return undefined
  }
}
