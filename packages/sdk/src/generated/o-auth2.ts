// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Acknowledged, Result } from '../result.ts'
import { Service } from '../service.ts'

export interface AccessToken {
  readonly access_token: string
  /** bearer */
  readonly token_type: string
  /** seconds until expiry: 1799 */
  readonly expires_in: number
  readonly id_token?: string
  readonly issued_token_type?: string
  readonly refresh_token?: string
  readonly scope?: string
}

export interface AccessTokenRequest {
  readonly client_id: string
  readonly client_secret: string
  /** account to sign in to, where the client may use several */
  readonly member_cid?: string
  readonly grant_type?: 'client_credentials'
}

export interface RevocationRequest {
  readonly token: string
  readonly client_id?: string
}

/** What goes with a call of oauth2AccessToken. */
export interface Oauth2AccessTokenInput extends CallOptions {
  readonly body: AccessTokenRequest
}

/** What goes with a call of oauth2RevokeToken. */
export interface Oauth2RevokeTokenInput extends CallOptions {
  readonly body: RevocationRequest
}

/** The collection OAuth2 of the Falcon dialect. */
export class OAuth2 extends Service {
  /**
   * Exchanges client id and secret for a bearer token.
   *
   * The good status is 201.
   * Client id and secret come as form members or as HTTP Basic; grant_type may be missing.
   * No X-Cs-Region header is sent: clients would switch to a cloud of the vendor.
   * expires_in is 1799.
   */
  oauth2AccessToken(input: Oauth2AccessTokenInput): Promise<Result<AccessToken>> {
    return this.client.command('oauth2AccessToken', input)
  }

  /** The same as oauth2AccessToken. */
  token(input: Oauth2AccessTokenInput): Promise<Result<AccessToken>> {
    return this.client.command('oauth2AccessToken', input)
  }

  /**
   * Invalidates a bearer token before it expires.
   *
   * Basic authentication may spell its scheme in lower case, or be missing.
   * The answer has no resources.
   */
  oauth2RevokeToken(input: Oauth2RevokeTokenInput): Promise<Result<Acknowledged>> {
    return this.client.command('oauth2RevokeToken', input)
  }

  /** The same as oauth2RevokeToken. */
  revoke(input: Oauth2RevokeTokenInput): Promise<Result<Acknowledged>> {
    return this.client.command('oauth2RevokeToken', input)
  }
}
