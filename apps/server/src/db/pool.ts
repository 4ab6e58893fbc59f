import pg from 'pg'
import { statementFault } from './database-fault.ts'
import { type Prepared, preparedNames } from './prepared.ts'
import type { Address } from './supervisor.ts'

export interface PoolOptions {
  /** Where the server is: the embedded one's address, or a `postgresql:` URL. */
  readonly server: Address | string
  /** Connections at most. */
  readonly size?: number
  /** How long a statement may take, in milliseconds; 0: any time. */
  readonly statementTimeout?: number
  /** How long a request waits for a connection, in milliseconds. */
  readonly connectTimeout?: number
  /** Whether statements that come again are prepared; off behind poolers that share connections between transactions. */
  readonly prepare?: boolean
  /** Sees every statement before it is sent. */
  readonly inspect?: (text: string) => void
  /** Whether the process may end while connections are idle. */
  readonly allowExit?: boolean
  /** Told of connections that were lost while nobody used them. */
  readonly say?: (message: string) => void
}

const defaultPoolSize = 12
const defaultStatementTimeout = 30_000
const defaultConnectTimeout = 5_000

/** PostgreSQL's object ids of the types whose text we read otherwise than `pg` does. */
const typeIds = { int8: 20, date: 1082, numeric: 1700, int4Array: 1007, int8Array: 1016 }

const parsers = new Map<number, (text: string) => unknown>([
  [typeIds.int8, Number],
  [typeIds.numeric, Number],
  // A day has no time zone: `pg` would make it midnight of the machine's.
  [typeIds.date, (text) => text],
  [typeIds.int8Array, (text) => pg.types.getTypeParser(typeIds.int4Array)(text)],
])

/** int8 and numeric as numbers, timestamptz as Date, date as `YYYY-MM-DD`, jsonb parsed. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (id: number, format?: unknown) =>
    format === 'binary'
      ? pg.types.getTypeParser(id, 'binary')
      : (parsers.get(id) ?? pg.types.getTypeParser(id, 'text')),
}

/** The options of a connection as `pg` takes them. */
export function connectionOptions({
  server,
  statementTimeout,
  connectTimeout,
}: PoolOptions): pg.ClientConfig {
  return {
    ...(typeof server === 'string' ? { connectionString: server } : server),
    types,
    application_name: `lanner ${process.pid}`,
    statement_timeout: statementTimeout ?? defaultStatementTimeout,
    idle_in_transaction_session_timeout: 60_000,
    connectionTimeoutMillis: connectTimeout ?? defaultConnectTimeout,
    keepAlive: true,
  }
}

/** A pool whose lost connections are replaced when next needed, and whose failures are told as faults. */
export function openPool(options: PoolOptions): pg.Pool {
  const prepared = (options.prepare ?? true) ? preparedNames() : undefined
  const pool = new Pool({
    ...connectionOptions(options),
    max: options.size ?? defaultPoolSize,
    idleTimeoutMillis: 60_000,
    allowExitOnIdle: options.allowExit ?? false,
    Client: clientClass(prepared, options.inspect),
  } as pg.PoolConfig)
  // Without a listener a lost idle connection would end the process.
  pool.on('error', (error) => options.say?.(`a database connection was lost: ${error.message}`))
  return pool
}

/** Its own queries may fail by the connection's error, past the query's. */
class Pool extends pg.Pool {
  override query(...args: unknown[]): never {
    const result = Reflect.apply(super.query as AnyQuery, this, args)
    if (!(result instanceof Promise)) return result as never
    return result.catch((error: unknown) => {
      throw statementFault(error)
    }) as never
  }
}

type AnyQuery = (...args: unknown[]) => unknown

function clientClass(prepared: Prepared | undefined, inspect?: (text: string) => void): typeof pg.Client {
  class Client extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super(config)
      // Lost between two statements of a transaction there is nobody to be told, and unheard it would end the process:
      // the next statement fails.
      this.on('error', () => {})
    }

    override query(...args: unknown[]): never {
      const [first, values] = args
      const text = typeof first === 'string' ? first : (first as { text?: string } | null)?.text
      if (inspect && text) inspect(text)
      const name =
        typeof first === 'string' && Array.isArray(values)
          ? prepared?.nameOf(first, values.length)
          : undefined
      const told = (error: unknown) => {
        // The tables changed under a prepared statement: it goes unprepared from now on.
        if (name !== undefined && (error as { code?: string }).code === '0A000')
          prepared?.forget(first as string)
        return statementFault(error)
      }
      const sent = name === undefined ? [...args] : [{ name, text: first, values }, ...args.slice(2)]
      const callback = sent.at(-1)
      if (typeof callback === 'function')
        sent[sent.length - 1] = (error: unknown, result: unknown) => callback(error && told(error), result)
      const result = Reflect.apply(super.query as AnyQuery, this, sent)
      if (!(result instanceof Promise)) return result as never
      return result.catch((error: unknown) => {
        throw told(error)
      }) as never
    }

    override connect(...args: unknown[]): never {
      const [callback] = args
      if (typeof callback !== 'function')
        return super.connect().catch((error) => {
          throw statementFault(error)
        }) as never
      return super.connect((error: Error) => callback(error && statementFault(error))) as never
    }
  }
  return Client as typeof pg.Client
}
