import type { Handlers } from '@lanner/contract'
import type { oAuth2 } from '@lanner/contract/falcon'
import { Secret } from '@lanner/oci'
import { RequestFault } from '../../use-cases/request-fault.ts'
import type { Services } from '../../use-cases/services.ts'
import { readBasic } from '../basic-credentials.ts'

export const oAuth2Handlers: Handlers<typeof oAuth2, Services> = {
  async oauth2AccessToken({ body, origin }, { signIn, tokens }) {
    const client = await signIn.client(body.client_id, new Secret(body.client_secret), origin.address)
    if (!client || !isTenant(body.member_cid, client.cid))
      throw new RequestFault('forbidden', 'Failed to issue access token - Not Authorized')
    const { token, expiresIn } = await tokens.issue(client, origin.address)
    return { value: { access_token: token, token_type: 'bearer', expires_in: expiresIn } }
  },

  async oauth2RevokeToken({ body, origin }, { signIn, tokens }) {
    const basic = readBasic(origin.authorization)
    const asking = basic && (await signIn.client(basic.user, basic.password, origin.address))
    if (basic && !asking)
      throw new RequestFault('forbidden', 'Failed to revoke access token - Not Authorized')
    await tokens.revoke(body.token, origin.address, asking)
    return {}
  },
}

/** A member_cid may be left away, be of either case, and carry its two-character checksum. */
function isTenant(memberCid: string | undefined, cid: string): boolean {
  if (memberCid === undefined || memberCid.trim() === '') return true
  return (
    memberCid
      .trim()
      .toLowerCase()
      .replace(/-\w\w$/, '') === cid
  )
}
