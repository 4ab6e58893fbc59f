// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Acknowledged, Resources, Result } from '../result.ts'
import { Service } from '../service.ts'

export interface AuditEvent {
  /** token_create, token_update, token_revoke, token_restore, token_delete or settings_update */
  readonly action: string
  readonly actor: string
  readonly description: string
  readonly id: string
  /** RFC 3339 */
  readonly timestamp: string
  readonly token_id: string
}

export interface InstallationToken {
  /** RFC 3339 */
  readonly created_timestamp: string
  /** null: never */
  readonly expires_timestamp: string | null
  readonly id: string
  readonly label: string
  /** RFC 3339 */
  readonly last_used_timestamp: string | null
  /** RFC 3339 */
  readonly revoked_timestamp: string | null
  /** valid, expired or revoked */
  readonly status: string
  /** customer_managed */
  readonly type: string
  /** the secret that an installer is given */
  readonly value: string
}

export interface InstallationTokenChange {
  /** RFC 3339 */
  readonly expires_timestamp?: string | null
  readonly label?: string | null
  /** true revokes, false restores */
  readonly revoked?: boolean | null
}

export interface InstallationTokenRequest {
  /** RFC 3339 */
  readonly expires_timestamp?: string | null
  readonly label?: string
  readonly type?: string
}

export interface TokenSettings {
  /** how many tokens may be valid at the same time */
  readonly max_active_tokens?: number
  /** whether enrolling asks for a token */
  readonly tokens_required: boolean
}

export interface TokenSettingsChange {
  readonly max_active_tokens?: number
  readonly tokens_required?: boolean
}

/** Parameters of audit_events_read. */
export interface AuditEventsReadParameters {
  /** audit event ids */
  readonly ids?: string | readonly string[]
}

/** What goes with a call of audit_events_read. */
export interface AuditEventsReadInput extends CallOptions {
  readonly parameters?: AuditEventsReadParameters
}

/** What goes with a call of customer_settings_read. */
export type CustomerSettingsReadInput = CallOptions

/** What goes with a call of customer_settings_update. */
export interface CustomerSettingsUpdateInput extends CallOptions {
  readonly body: TokenSettingsChange
}

/** Parameters of tokens_delete. */
export interface TokensDeleteParameters {
  /** ids of the tokens to delete */
  readonly ids: string | readonly string[]
}

/** What goes with a call of tokens_delete. */
export interface TokensDeleteInput extends CallOptions {
  readonly parameters: TokensDeleteParameters
}

/** Parameters of tokens_read. */
export interface TokensReadParameters {
  /** token ids */
  readonly ids?: string | readonly string[]
}

/** What goes with a call of tokens_read. */
export interface TokensReadInput extends CallOptions {
  readonly parameters?: TokensReadParameters
}

/** Parameters of tokens_update. */
export interface TokensUpdateParameters {
  /** ids of the tokens to change */
  readonly ids: string | readonly string[]
}

/** What goes with a call of tokens_update. */
export interface TokensUpdateInput extends CallOptions {
  readonly parameters: TokensUpdateParameters
  readonly body: InstallationTokenChange
}

/** What goes with a call of tokens_create. */
export interface TokensCreateInput extends CallOptions {
  readonly body: InstallationTokenRequest
}

/** Parameters of audit_events_query. */
export interface AuditEventsQueryParameters {
  /** largest number of records to return; 1 to 1000; 50 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: action, actor, description, id, timestamp, token_id.
   */
  readonly filter?: string
  /**
   * column and direction, such as first_seen.desc
   * Fields: action, actor, timestamp, token_id.
   */
  readonly sort?: string
}

/** What goes with a call of audit_events_query. */
export interface AuditEventsQueryInput extends CallOptions {
  readonly parameters?: AuditEventsQueryParameters
}

/** Parameters of tokens_query. */
export interface TokensQueryParameters {
  /** largest number of records to return; 1 to 1000; 50 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; 0 unless said */
  readonly offset?: number
  /**
   * FQL expression that selects the records
   * Fields: created_timestamp, expires_timestamp, id, label, last_used_timestamp, revoked_timestamp, status, type.
   */
  readonly filter?: string
  /**
   * column and direction, such as first_seen.desc
   * Fields: created_timestamp, expires_timestamp, label, last_used_timestamp, revoked_timestamp, status.
   */
  readonly sort?: string
}

/** What goes with a call of tokens_query. */
export interface TokensQueryInput extends CallOptions {
  readonly parameters?: TokensQueryParameters
}

/** The collection Installation Tokens of the Falcon dialect. */
export class InstallationTokens extends Service {
  /**
   * Returns audit events by id.
   *
   * Scope: installation-tokens:read.
   */
  audit_events_read(input?: AuditEventsReadInput): Promise<Result<Resources<AuditEvent>>> {
    return this.client.command('audit_events_read', input)
  }

  /**
   * Returns the installation token settings of the account.
   *
   * Scope: installation-tokens:read.
   */
  customer_settings_read(input?: CustomerSettingsReadInput): Promise<Result<Resources<TokenSettings>>> {
    return this.client.command('customer_settings_read', input)
  }

  /**
   * Changes the installation token settings of the account.
   *
   * Scope: installation-tokens-settings:write.
   */
  customer_settings_update(input: CustomerSettingsUpdateInput): Promise<Result<Resources<TokenSettings>>> {
    return this.client.command('customer_settings_update', input)
  }

  /**
   * Deletes tokens for good (revoking is done with tokens_update).
   *
   * The answer has no resources.
   *
   * Scope: installation-tokens:write.
   */
  tokens_delete(input: TokensDeleteInput): Promise<Result<Acknowledged>> {
    return this.client.command('tokens_delete', input)
  }

  /**
   * Returns installation tokens by id.
   *
   * A 404 tells that none of the ids exists; times that are not set are null.
   *
   * Scope: installation-tokens:read.
   */
  tokens_read(input?: TokensReadInput): Promise<Result<Resources<InstallationToken>>> {
    return this.client.command('tokens_read', input)
  }

  /**
   * Relabels, re-dates, revokes or restores tokens.
   *
   * revoked true revokes, false restores.
   *
   * Scope: installation-tokens:write.
   */
  tokens_update(input: TokensUpdateInput): Promise<Result<Resources<InstallationToken>>> {
    return this.client.command('tokens_update', input)
  }

  /**
   * Creates an installation token.
   *
   * The good status is 201.
   * The year 1 as expires_timestamp means that there is no end.
   *
   * Scope: installation-tokens:write.
   */
  tokens_create(input: TokensCreateInput): Promise<Result<Resources<InstallationToken>>> {
    return this.client.command('tokens_create', input)
  }

  /**
   * Lists ids of audit events.
   *
   * Scope: installation-tokens:read.
   */
  audit_events_query(input?: AuditEventsQueryInput): Promise<Result<Resources<string>>> {
    return this.client.command('audit_events_query', input)
  }

  /**
   * Lists ids of installation tokens.
   *
   * Scope: installation-tokens:read.
   */
  tokens_query(input?: TokensQueryInput): Promise<Result<Resources<string>>> {
    return this.client.command('tokens_query', input)
  }
}
