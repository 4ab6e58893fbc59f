/** Client id and secret, in the spellings that clients have for them. */
export interface CredentialOptions {
  readonly clientId?: string
  readonly clientSecret?: string
  readonly client_id?: string
  readonly client_secret?: string
  /** The account to sign in to, where the client may use several. */
  readonly memberCid?: string
  readonly member_cid?: string
}

/** What is sent to sign in. */
export interface Credentials {
  readonly clientId: string
  readonly clientSecret: string
  readonly memberCid?: string
}

/** Flat or in `creds`; what stands there goes first. Throws TypeError. */
export function credentialsOf(
  options: CredentialOptions & { readonly creds?: CredentialOptions },
): Credentials {
  const { creds = {} } = options
  const clientId = creds.clientId ?? creds.client_id ?? options.clientId ?? options.client_id
  const clientSecret =
    creds.clientSecret ?? creds.client_secret ?? options.clientSecret ?? options.client_secret
  const memberCid = creds.memberCid ?? creds.member_cid ?? options.memberCid ?? options.member_cid
  if (!clientId || !clientSecret)
    throw new TypeError(
      `${clientId ? 'clientSecret' : 'clientId'} is missing: credentials go with every client`,
    )
  return { clientId, clientSecret, ...(memberCid ? { memberCid } : {}) }
}

/** RFC 7617, for text beyond ASCII as UTF-8. */
export function basicAuthorization({ clientId, clientSecret }: Credentials): string {
  const bytes = new TextEncoder().encode(`${clientId}:${clientSecret}`)
  return `Basic ${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`
}
