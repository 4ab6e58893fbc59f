export interface InstallationTables {
  installation_token: {
    cid: string
    token_id: string
    label: string
    type: string
    sealed_value: string
    value_hash: string
    created_at: Date
    expires_at: Date | null
    last_used_at: Date | null
    revoked_at: Date | null
  }
  installation_setting: { cid: string; tokens_required: boolean; max_active_tokens: number | null }
  installation_audit: {
    cid: string
    event_id: string
    token_id: string
    action: string
    actor: string
    description: string
    at: Date
  }
}
