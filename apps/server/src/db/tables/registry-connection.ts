import type { JSONColumnType } from 'kysely'

export interface RegistryConnectionTables {
  registry_connection: {
    cid: string
    registry_id: string
    type: string
    url: string
    url_uniqueness_alias: string
    user_defined_alias: string
    state: string
    state_changed_at: Date
    created_at: Date
    updated_at: Date
    last_refreshed_at: Date | null
    next_refresh_at: Date | null
    refresh_interval: number
    credential_id: string
    sealed_credential: string
    shown_credential: JSONColumnType<Record<string, unknown>, string, string>
    credential_created_at: Date
    credential_updated_at: Date
    credential_expired_at: Date | null
  }
}
