import type { Handlers } from '@lanner/contract'
import type { users } from '@lanner/contract/lanner'
import { Secret } from '@lanner/oci'
import type { Static } from 'typebox'
import type { IdentityServices } from '../../use-cases/identity.ts'
import type { User } from '../../use-cases/users.ts'

type UserBody = Static<(typeof users)['operations']['ListUsers']['reply']['schema']>

export const userHandlers: Handlers<typeof users, IdentityServices> = {
  async ListUsers({ caller, query }, { users }) {
    const page = await users.list(caller.cid, query)
    return { resources: page.users.map(userBody), pagination: { ...query, total: page.total } }
  },

  async CreateUser({ caller, origin, body }, { users }) {
    const { username, role, password: given } = body
    const { user, password } = await users.create(
      { ...caller, address: origin.address },
      { username, role, ...(given === undefined ? {} : { password: new Secret(given) }) },
    )
    const shown = given === undefined ? { password: password.reveal() } : {}
    return { resources: [{ ...userBody(user), ...shown }], affected: 1 }
  },

  async UpdateUser({ caller, origin, path, body }, { users }) {
    const user = await users.update({ ...caller, address: origin.address }, path['username'] ?? '', {
      ...(body.role === undefined ? {} : { role: body.role }),
      ...(body.disabled === undefined ? {} : { disabled: body.disabled }),
    })
    return { resources: [userBody(user)], affected: 1 }
  },

  async SetUserPassword({ caller, origin, path, body }, { users }) {
    const password = new Secret(body.password)
    await users.update({ ...caller, address: origin.address }, path['username'] ?? '', { password })
    return { affected: 1 }
  },

  async DeleteUser({ caller, origin, path }, { users }) {
    await users.remove({ ...caller, address: origin.address }, path['username'] ?? '')
    return { affected: 1 }
  },
}

function userBody(user: User): UserBody {
  return {
    username: user.username,
    role: user.role,
    created_at: user.createdAt.toISOString(),
    disabled_at: user.disabledAt?.toISOString() ?? null,
  }
}
