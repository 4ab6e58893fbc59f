import { Type } from 'typebox'
import { collection, del, get, patch, post, put } from '../define.ts'
import { acknowledged, nullable, paging, partial, record, resources, time } from '../parts.ts'
import { usersRead, usersWrite } from './scopes.ts'

const Role = Type.Enum(['administrator', 'reader'])

const Password = Type.String({ minLength: 12, maxLength: 256 })

const user = {
  username: Type.String(),
  role: Role,
  created_at: time(),
  disabled_at: nullable(time()),
}

const User = record('User', user)

const NewUser = record('NewUser', {
  ...user,
  password: Type.Optional(
    Type.String({ description: 'the one that was made, where none was given; shown this once' }),
  ),
})

const UserRequest = record('UserRequest', {
  username: Type.String({ minLength: 1, maxLength: 256 }),
  role: Role,
  password: Type.Optional(Password),
})

const UserChange = partial('UserChange', {
  role: Role,
  disabled: Type.Boolean(),
})

const PasswordChange = record('PasswordChange', { password: Password })

const path = { username: 'name of the user' }

/** People who sign in with a password. */
export const users = collection('lanner', 'Users', {
  ListUsers: get('/lanner/v1/users', {
    tier: 'own',
    scope: usersRead,
    summary: 'Users of the account.',
    query: paging({ limit: 1000 }),
    reply: resources(User),
  }),

  CreateUser: post('/lanner/v1/users', {
    tier: 'own',
    scope: usersWrite,
    summary: 'Creates a user; without a password one is made and shown once.',
    body: UserRequest,
    status: 201,
    reply: resources(NewUser),
    failures: { 409: 'a user of this name exists' },
  }),

  UpdateUser: patch('/lanner/v1/users/{username}', {
    tier: 'own',
    scope: usersWrite,
    summary: 'Changes the role of a user, disables or enables them.',
    path,
    body: UserChange,
    reply: resources(User),
    failures: { 404: 'no such user in this account', 409: 'it is the last administrator' },
  }),

  SetUserPassword: put('/lanner/v1/users/{username}/password', {
    tier: 'own',
    scope: usersWrite,
    summary: 'Gives a user another password.',
    path,
    body: PasswordChange,
    reply: acknowledged(),
    failures: { 404: 'no such user in this account' },
  }),

  DeleteUser: del('/lanner/v1/users/{username}', {
    tier: 'own',
    scope: usersWrite,
    summary: 'Removes a user.',
    path,
    reply: acknowledged(),
    failures: { 404: 'no such user in this account', 409: 'it is the last administrator' },
  }),
})
