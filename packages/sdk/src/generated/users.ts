// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Acknowledged, Resources, Result } from '../result.ts'
import { Service } from '../service.ts'

export interface NewUser {
  readonly username: string
  readonly role: 'administrator' | 'reader'
  /** RFC 3339 */
  readonly created_at: string
  /** RFC 3339 */
  readonly disabled_at: string | null
  /** the one that was made, where none was given; shown this once */
  readonly password?: string
}

export interface PasswordChange {
  /** at least 12 characters; at most 256 characters */
  readonly password: string
}

export interface User {
  readonly username: string
  readonly role: 'administrator' | 'reader'
  /** RFC 3339 */
  readonly created_at: string
  /** RFC 3339 */
  readonly disabled_at: string | null
}

export interface UserChange {
  readonly role?: 'administrator' | 'reader'
  readonly disabled?: boolean
}

export interface UserRequest {
  /** at least 1 characters; at most 256 characters */
  readonly username: string
  readonly role: 'administrator' | 'reader'
  /** at least 12 characters; at most 256 characters */
  readonly password?: string
}

/** Parameters of ListUsers. */
export interface ListUsersParameters {
  /** largest number of records to return; 1 to 1000; 100 unless said */
  readonly limit?: number
  /** index of the first record to return; at least 0; 0 unless said */
  readonly offset?: number
}

/** What goes with a call of ListUsers. */
export interface ListUsersInput extends CallOptions {
  readonly parameters?: ListUsersParameters
}

/** What goes with a call of CreateUser. */
export interface CreateUserInput extends CallOptions {
  readonly body: UserRequest
}

/** What goes with a call of UpdateUser. */
export interface UpdateUserInput extends CallOptions {
  readonly path: {
    /** name of the user */
    readonly username: string
  }
  readonly body: UserChange
}

/** What goes with a call of SetUserPassword. */
export interface SetUserPasswordInput extends CallOptions {
  readonly path: {
    /** name of the user */
    readonly username: string
  }
  readonly body: PasswordChange
}

/** What goes with a call of DeleteUser. */
export interface DeleteUserInput extends CallOptions {
  readonly path: {
    /** name of the user */
    readonly username: string
  }
}

/** The collection Users of the Lanner dialect. */
export class Users extends Service {
  /**
   * Users of the account.
   *
   * Scope: lanner-users:read.
   */
  ListUsers(input?: ListUsersInput): Promise<Result<Resources<User>>> {
    return this.client.command('ListUsers', input)
  }

  /** The same as ListUsers. */
  list_users(input?: ListUsersInput): Promise<Result<Resources<User>>> {
    return this.client.command('ListUsers', input)
  }

  /**
   * Creates a user; without a password one is made and shown once.
   *
   * Scope: lanner-users:write.
   */
  CreateUser(input: CreateUserInput): Promise<Result<Resources<NewUser>>> {
    return this.client.command('CreateUser', input)
  }

  /** The same as CreateUser. */
  create_user(input: CreateUserInput): Promise<Result<Resources<NewUser>>> {
    return this.client.command('CreateUser', input)
  }

  /**
   * Changes the role of a user, disables or enables them.
   *
   * Scope: lanner-users:write.
   */
  UpdateUser(input: UpdateUserInput): Promise<Result<Resources<User>>> {
    return this.client.command('UpdateUser', input)
  }

  /** The same as UpdateUser. */
  update_user(input: UpdateUserInput): Promise<Result<Resources<User>>> {
    return this.client.command('UpdateUser', input)
  }

  /**
   * Gives a user another password.
   *
   * Scope: lanner-users:write.
   */
  SetUserPassword(input: SetUserPasswordInput): Promise<Result<Acknowledged>> {
    return this.client.command('SetUserPassword', input)
  }

  /** The same as SetUserPassword. */
  set_user_password(input: SetUserPasswordInput): Promise<Result<Acknowledged>> {
    return this.client.command('SetUserPassword', input)
  }

  /**
   * Removes a user.
   *
   * Scope: lanner-users:write.
   */
  DeleteUser(input: DeleteUserInput): Promise<Result<Acknowledged>> {
    return this.client.command('DeleteUser', input)
  }

  /** The same as DeleteUser. */
  delete_user(input: DeleteUserInput): Promise<Result<Acknowledged>> {
    return this.client.command('DeleteUser', input)
  }
}
