import type { Database } from '../db/database.ts'
import type { Keyring } from '../secrets/keyring.ts'
import type { PasswordCost } from '../secrets/password.ts'
import { type Audit, audit } from './audit.ts'
import { type Clients, clients } from './clients.ts'
import { type SignIn, signIn } from './sign-in.ts'
import { type Tenants, tenants } from './tenants.ts'
import { type Tokens, tokens } from './tokens.ts'
import { type Users, users } from './users.ts'

/** Who is who, and who may what. */
export interface IdentityServices {
  readonly tokens: Tokens
  readonly signIn: SignIn
  readonly clients: Clients
  readonly users: Users
  readonly tenants: Tenants
  readonly audit: Audit
}

export function identityServices(ports: {
  readonly database: Database
  readonly keyring: Keyring
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Every scope that some operation asks for. */
  readonly knownScopes: ReadonlySet<string>
  readonly passwordCost?: PasswordCost
}): IdentityServices {
  const issued = tokens(ports)
  const entrance = signIn({ ...ports, tokens: issued })
  return {
    tokens: issued,
    signIn: entrance,
    clients: clients({
      ...ports,
      revoked(clientId) {
        issued.forgetClient(clientId)
        entrance.forget(clientId)
      },
    }),
    users: users({ ...ports, changed: (username) => entrance.forget(username) }),
    tenants: tenants(ports),
    audit: audit(ports),
  }
}
