// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'

export interface Client {
  /** 32 hex digits */
  readonly client_id: string
  readonly name: string
  readonly scopes: readonly string[]
  /** client id or user name */
  readonly created_by: string
  /** RFC 3339 */
  readonly created_at: string
  /** RFC 3339 */
  readonly revoked_at: string | null
}

export interface ClientRequest {
  /** at least 1 characters; at most 256 characters */
  readonly name: string
  /** none named: all that the caller has; never more than those; at most 100 items */
  readonly scopes?: readonly string[]
}

export interface NewClient {
  /** 32 hex digits */
  readonly client_id: string
  readonly name: string
  readonly scopes: readonly string[]
  /** client id or user name */
  readonly created_by: string
  /** RFC 3339 */
  readonly created_at: string
  /** RFC 3339 */
  readonly revoked_at: string | null
  /** 40 word characters; shown this once */
  readonly client_secret: string
}

/** Parameters of ListClients. */
export interface ListClientsParameters {
  /** largest number of records to return; 1 to 1000; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; 0 unless said */
  readonly offset?: number
}

/** What goes with a call of ListClients. */
export interface ListClientsInput extends CallOptions {
  readonly parameters?: ListClientsParameters
}

/** What goes with a call of CreateClient. */
export interface CreateClientInput extends CallOptions {
  readonly body: ClientRequest
}

/** What goes with a call of RevokeClient. */
export interface RevokeClientInput extends CallOptions {
  readonly path: {
    /** client id */
    readonly client_id: string
  }
}

/** The collection Clients of the Lanner dialect. */
export class Clients extends Service {
  /**
   * API clients, without their secrets.
   *
   * Scope: lanner-clients:read.
   */
  ListClients(input?: ListClientsInput): Promise<Result<Resources<Client>>> {
    return this.client.command('ListClients', input)
  }

  /** The same as ListClients. */
  list_clients(input?: ListClientsInput): Promise<Result<Resources<Client>>> {
    return this.client.command('ListClients', input)
  }

  /**
   * Creates an API client and shows its secret once.
   *
   * Scope: lanner-clients:write.
   */
  CreateClient(input: CreateClientInput): Promise<Result<Resources<NewClient>>> {
    return this.client.command('CreateClient', input)
  }

  /** The same as CreateClient. */
  create_client(input: CreateClientInput): Promise<Result<Resources<NewClient>>> {
    return this.client.command('CreateClient', input)
  }

  /**
   * Revokes an API client: its tokens end at once.
   *
   * Scope: lanner-clients:write.
   */
  RevokeClient(input: RevokeClientInput): Promise<Result<Resources<Client>>> {
    return this.client.command('RevokeClient', input)
  }

  /** The same as RevokeClient. */
  revoke_client(input: RevokeClientInput): Promise<Result<Resources<Client>>> {
    return this.client.command('RevokeClient', input)
  }
}
