import { resolve } from 'node:path'
import { readBootstrapFile, writeBootstrapFile } from './bootstrap-file.ts'
import { type Composition, compose, knownScopes } from './compose.ts'
import { ConfigurationFault } from './config/configuration-fault.ts'
import type { ServerSettings } from './config/settings.ts'
import { type OpenDatabase, openDatabase } from './db/open-database.ts'
import { pushDemo } from './demo.ts'
import { addGauges } from './gauges.ts'
import type { Certificate } from './http/app.ts'
import { falconRooms } from './http/falcon/index.ts'
import { lannerRooms } from './http/lanner/index.ts'
import { serveOpenApi } from './http/openapi.ts'
import { registryAuthentication } from './http/registry/authentication.ts'
import { registryRoutes } from './http/registry/registry-routes.ts'
import { createServer, type Server } from './http/server.ts'
import {
  type CertificateSource,
  certificateFiles,
  daysLeft,
  selfSignedCertificates,
  watchCertificate,
} from './http/tls/certificates.ts'
import { makeFolder } from './make-folder.ts'
import { openKeyring } from './secrets/keyring.ts'
import { readMasterKeys } from './secrets/master-key.ts'
import { createLog, type Log } from './telemetry/log.ts'
import { createMetrics } from './telemetry/metrics.ts'
import { bootstrap, isSettled } from './use-cases/bootstrap.ts'
import { rateLimits } from './use-cases/rate-limits.ts'

export interface ServeOptions {
  readonly settings: ServerSettings
  readonly version: string
  /** Lines for people, while it starts and stops. */
  readonly say: (line: string) => void
  /** A folder with a demo image and the advisories that hit it, to be pushed. */
  readonly demoFolder?: string
  /** A folder of advisories that is imported first. */
  readonly importFrom?: string
  /** Where a PostgreSQL of the system is looked for when none is shipped for the platform: `PATH`. */
  readonly searchPath?: string
  /** Gives up starting. */
  readonly signal?: AbortSignal
}

/** Milliseconds that jobs are given to end by themselves: what is aborted goes on after the next start. */
const jobPatience = 250

/** A server that answers. */
export interface RunningServer {
  readonly url: string
  readonly dataFolder: string
  readonly cid: string
  /** Whether this start made the first credentials. */
  readonly first: boolean
  /** Requests and jobs under way end, then everything is shut. */
  close(): Promise<void>
}

/**
 * Starts the platform: database, first credentials, workers, listener. What was started is ended again when a later part
 * fails. Throws ConfigurationFault, DatabaseFault, SecretFault, and what the listener throws.
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { say } = options
  const settings = { ...options.settings, dataFolder: resolve(options.settings.dataFolder) }
  const log = createLog({ level: settings.logLevel })
  await makeFolder(settings.dataFolder).catch((error) => {
    const message = `the data directory ${settings.dataFolder} cannot be made: ${(error as Error).message}`
    throw new ConfigurationFault('invalid', message, { cause: error })
  })
  const opened = await openDatabase({
    dataDir: settings.dataFolder,
    size: settings.databaseConnections,
    prepare: settings.databasePrepare === 'on',
    say,
    ...(options.signal ? { signal: options.signal } : {}),
    ...(options.searchPath === undefined ? {} : { searchPath: options.searchPath }),
    ...(settings.databaseUrl ? { url: settings.databaseUrl.reveal() } : {}),
  })
  const undo: (() => Promise<unknown>)[] = [() => opened.close()]
  try {
    return await start({ ...options, settings }, log, opened, undo)
  } catch (error) {
    for (const step of undo.reverse()) await step().catch(() => {})
    throw error
  }
}

async function start(
  { settings, version, say, demoFolder, importFrom, signal = new AbortController().signal }: ServeOptions,
  log: Log,
  opened: OpenDatabase,
  undo: (() => Promise<unknown>)[],
): Promise<RunningServer> {
  const { dataFolder } = settings
  // A key made up anew would fit nothing that is stored; whoever lost his presets the first client.
  const mayMakeKey = settings.clientSecret !== undefined || !(await isSettled(opened.database))
  const keyring = openKeyring(await readMasterKeys(dataFolder, settings.masterKey, mayMakeKey))
  const metrics = createMetrics({ process: true })
  const clock = (): number => Date.now()
  addGauges(metrics, { opened, dataFolder, clock })
  const kept = await readBootstrapFile(dataFolder)
  const { cid, first, lockedOut } = await bootstrap(
    { database: opened.database, keyring, clock, knownScopes },
    {
      keep: (credentials) => writeBootstrapFile(dataFolder, credentials),
      ...(kept ? { kept } : {}),
      ...(settings.clientId && settings.clientSecret
        ? { preset: { clientId: settings.clientId, clientSecret: settings.clientSecret } }
        : {}),
    },
  )
  if (lockedOut > 0) log.warn({ clients: lockedOut }, 'clients were made with a master key that is not given')
  const composition = compose({ settings, opened, keyring, log, metrics, version })
  undo.push(() => composition.close())
  await composition.start()
  signal.throwIfAborted()
  if (importFrom !== undefined) {
    say(`importing the advisories in ${importFrom}`)
    await composition.services.advisories.importFrom(resolve(importFrom), { signal, onProgress: () => {} })
  }
  const source = certificateSource(settings)
  const certificate = await source?.read()
  if (certificate) tellOfItsEnd(certificate, log)
  const server = listener(settings, version, composition, opened, log, metrics, certificate)
  undo.push(() => server.close(0))
  const stopWatching =
    source && certificate
      ? watchCertificate(source, certificate, {
          changed: (next) => {
            server.useCertificate(next)
            log.info({}, 'certificate taken over')
            tellOfItsEnd(next, log)
          },
          failed: (error) => log.warn({ err: error }, 'certificate not taken over'),
        })
      : () => {}
  undo.push(async () => stopWatching())
  const own = await server.listen({ host: settings.host, port: settings.port })
  const url = settings.publicUrl ?? own
  const credentials = await readBootstrapFile(dataFolder)
  if (credentials) await writeBootstrapFile(dataFolder, { ...credentials, url })
  composition.workers?.start()
  composition.warm()
  undo.push(async () => composition.workers?.stop())
  if (demoFolder !== undefined) await pushDemo(composition, cid, demoFolder, signal)
  log.info({ url, version }, 'ready')
  return {
    url,
    dataFolder,
    cid,
    first,
    async close() {
      log.info({}, 'stopping')
      stopWatching()
      await server.close()
      await composition.workers?.stop({ within: jobPatience })
      await composition.close()
      await opened.close()
    },
  }
}

/** Days before its end at which an operator is told of it. */
const warnBefore = 14

function tellOfItsEnd(certificate: Certificate, log: Log): void {
  const days = daysLeft(certificate, Date.now())
  if (days < 0) log.error({ days }, 'certificate has expired')
  else if (days < warnBefore) log.warn({ days }, 'certificate expires soon')
}

function certificateSource(settings: ServerSettings): CertificateSource | undefined {
  const { tls, tlsCertificate, tlsKey, tlsNames, dataFolder } = settings
  if (tlsCertificate !== undefined && tlsKey !== undefined) return certificateFiles(tlsCertificate, tlsKey)
  return tls === 'self-signed' ? selfSignedCertificates(dataFolder, tlsNames, () => Date.now()) : undefined
}

function listener(
  settings: ServerSettings,
  version: string,
  { services, registry }: Composition,
  opened: OpenDatabase,
  log: Log,
  metrics: ReturnType<typeof createMetrics>,
  certificate: Certificate | undefined,
): Server {
  const { publicUrl, trustedProxies } = settings
  return createServer({
    services,
    rooms: [...falconRooms, ...lannerRooms],
    bearer: (token) => services.tokens.find(token),
    rates: rateLimits({ perMinute: settings.rateLimit }),
    log,
    metrics,
    clock: () => Date.now(),
    checkReplies: false,
    trustedProxies,
    ...(certificate ? { certificate } : {}),
    checks: [
      {
        name: 'database',
        check: async () => ((await opened.ready()) ? undefined : 'does not answer'),
      },
    ],
    protocols: [
      (app) => serveOpenApi(app, { version }),
      (app) =>
        void app.register(async (scope) =>
          registryRoutes(scope, {
            ...registry,
            clock: () => Date.now(),
            authenticate: registryAuthentication(registry.access, publicUrl ? { publicUrl } : {}),
            say: ({ error, method, path }) =>
              log.error({ err: error, method, path }, 'registry request failed'),
            answered: (operation, status, seconds) => metrics.operation(operation).done(status, seconds),
            noted: ({ change, ...facts }) => log.info(facts, change),
          }),
        ),
    ],
  })
}
