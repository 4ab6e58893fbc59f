import type { Generated } from 'kysely'

export interface IdentityTables {
  tenant: TenantRow
  api_client: ClientRow
  access_token: TokenRow
  account: AccountRow
  audit_event: AuditRow
}

interface TenantRow {
  readonly cid: string
  readonly name: string
  readonly created_at: Generated<Date>
}

interface ClientRow {
  readonly client_id: string
  readonly cid: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly secret_hash: string
  readonly created_by: string
  readonly created_at: Generated<Date>
  readonly revoked_at: Date | null
}

interface TokenRow {
  readonly token_hash: Buffer
  readonly cid: string
  readonly client_id: string
  readonly issued_at: Generated<Date>
  readonly expires_at: Date
}

export type Role = 'administrator' | 'reader'

interface AccountRow {
  readonly username: string
  readonly cid: string
  readonly role: Role
  readonly password_hash: string
  readonly created_at: Generated<Date>
  readonly disabled_at: Date | null
}

interface AuditRow {
  readonly id: string
  readonly cid: string
  readonly at: Generated<Date>
  readonly action: string
  readonly actor: string
  readonly subject: string | null
  readonly outcome: 'success' | 'refused'
  readonly address: string | null
  /** Written as JSON text. */
  readonly details: unknown
}
