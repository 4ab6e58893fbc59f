import { type DestinationStream, type Logger, pino } from 'pino'

export type Log = Logger

export const logLevels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const
export type LogLevel = (typeof logLevels)[number]

/** Members that never reach a log, whatever object they come in. */
const secretNames = [
  'authorization',
  'client_secret',
  'password',
  'secret',
  'token',
  'access_token',
  'credential',
  'credentials',
  'cookie',
]

/** Structured lines, one JSON object each: constant messages, values as fields, secrets left out. */
export function createLog(options: { readonly level: LogLevel; readonly stream?: DestinationStream }): Log {
  return pino(
    {
      level: options.level,
      base: undefined,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: {
        paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: '[secret]',
      },
      serializers: { err: describeError },
    },
    options.stream ?? pino.destination({ dest: 2, sync: false }),
  )
}

/** An error for the log: database errors carry values of rows in `detail`, `where` and parameters, which stay out. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: typeof error }
  const { code } = error as { code?: unknown }
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}
