import { Fault } from '@lanner/model'

/**
 * Why the database could not be used.
 * `unavailable`: no connection, or it went away (again later). `in-use`: another server owns the data directory.
 * `not-permitted`: the file system or the account forbids it. `no-space`: the disk is full. `no-server`: no PostgreSQL
 * program for this machine. `unsupported`: the server is too old, or its data are of another major version.
 * `migration`: the recorded migrations are not ours. `timeout`: a statement took longer than allowed. `conflict`: lost
 * against a concurrent transaction after every attempt. `stream`: an export is damaged or of another kind.
 * `not-empty`: an import into a database that holds rows. `failed`: a program of PostgreSQL ended with an error.
 */
export type DatabaseFaultCode =
  | 'unavailable'
  | 'in-use'
  | 'not-permitted'
  | 'no-space'
  | 'no-server'
  | 'unsupported'
  | 'migration'
  | 'timeout'
  | 'conflict'
  | 'stream'
  | 'not-empty'
  | 'failed'

/** The database could not be used; what was acknowledged before is safe. */
export class DatabaseFault extends Fault<DatabaseFaultCode> {}

/** SQLSTATE or system code of whatever was thrown, if it has one. */
export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** A fault of the file system, told in terms of what was attempted. */
export function fileFault(error: unknown, attempted: string): DatabaseFault {
  const code = errorCode(error)
  const reason = error instanceof Error ? error.message : String(error)
  if (error instanceof DatabaseFault) return error
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new DatabaseFault('no-space', `${attempted}: the disk is full (${reason})`, { cause: error })
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return new DatabaseFault('not-permitted', `${attempted}: not permitted (${reason})`, { cause: error })
  return new DatabaseFault('failed', `${attempted}: ${reason}`, { cause: error })
}

// Class 08: the connection; 57P01..57P03: shut down, crashed, starting; 53300: no free connection.
const gone =
  /^(?:08...|57P0[1235]|53300|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN)$/
const goneMessages =
  /^(?:Connection terminated|Client has encountered a connection error|timeout e(?:xceeded|xpired)|The server does not support SSL)/
// Its certificate is not trusted, or is another's: https://nodejs.org/api/tls.html#x509-certificate-error-codes
const distrusted = /^(?:(?:SELF|DEPTH_ZERO_SELF)_SIGNED_CERT\w*|CERT_\w+|UNABLE_TO_\w+|ERR_TLS_\w+)$/
// Class 28: who we say we are; 3D000: no such database; 42501: what the account may do.
const refused = /^(?:28\w{3}|3D000|42501)$/

/** What a failed statement means for its caller: connection, space and time as faults, everything else as it is. */
export function statementFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Fault) return error
  const code = errorCode(error)
  if ((code && gone.test(code)) || (!code && goneMessages.test(error.message)))
    return new DatabaseFault('unavailable', `the database cannot be reached: ${error.message}`, {
      cause: error,
      retryable: true,
    })
  if (code && distrusted.test(code))
    return new DatabaseFault('unavailable', `the database is not trusted: ${error.message}`, { cause: error })
  if (code && refused.test(code))
    return new DatabaseFault('not-permitted', `the database does not let us: ${error.message}`, {
      cause: error,
    })
  if (code === '53100')
    return new DatabaseFault('no-space', `the database has no space left: ${error.message}`, {
      cause: error,
      retryable: true,
    })
  if (code === '57014' || code === '55P03')
    return new DatabaseFault('timeout', `a statement was given up: ${error.message}`, {
      cause: error,
      retryable: true,
    })
  return error
}
