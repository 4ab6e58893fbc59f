import { randomBytes } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Writable } from 'node:stream'
import type { TestContext } from 'node:test'
import { type Clock, Secret, systemClock } from '@lanner/oci'
import { sql } from 'kysely'
import { type Composition, type CompositionParts, compose, knownScopes } from '../compose.ts'
import { readServerSettings } from '../config/settings.ts'
import type { Database } from '../db/database.ts'
import type { Address } from '../db/supervisor.ts'
import { falconRooms } from '../http/falcon/index.ts'
import { lannerRooms } from '../http/lanner/index.ts'
import { serveOpenApi } from '../http/openapi.ts'
import { registryAuthentication } from '../http/registry/authentication.ts'
import { registryRoutes } from '../http/registry/registry-routes.ts'
import { createServer } from '../http/server.ts'
import { hourlyHousekeeping } from '../jobs/housekeeping.ts'
import { openKeyring } from '../secrets/keyring.ts'
import { createLog } from '../telemetry/log.ts'
import { createMetrics } from '../telemetry/metrics.ts'
import { bootstrap } from '../use-cases/bootstrap.ts'
import { rateLimits } from '../use-cases/rate-limits.ts'
import { testDatabase } from './database.ts'
import { demoAdvisories, estateRecords } from './estate-images.ts'
import { exchange, type TestCall, type TestReply, type TestTenant } from './server.ts'

/** A tenant of an estate. */
export interface EstateTenant extends TestTenant {
  /** In every text that only this tenant has. */
  readonly mark: string
  readonly call: (method: string, path: string, call?: TestCall) => Promise<TestReply>
  /** Bytes as they are, and no bearer token. */
  readonly send: (
    method: string,
    path: string,
    bytes: Uint8Array | undefined,
    headers: Readonly<Record<string, string>>,
  ) => Promise<{ readonly status: number; readonly text: string; readonly headers: Headers }>
}

/** A whole server with two tenants, listening on the loopback. */
export interface Estate {
  readonly url: string
  readonly database: Database
  readonly composition: Composition
  /** A folder with the demo's advisories and those of the estate's own images; only the former are in use at first. */
  readonly advisories: string
  readonly tenants: readonly [EstateTenant, EstateTenant]
  /** What the server logged as a failure so far, a JSON object each. */
  readonly complaints: readonly string[]
  /** Resolves once nothing is left to be done in the background. */
  settled(): Promise<void>
}

/** When an estate starts by its own clock: ages, and whether a distribution still gets updates, are the same whenever it runs. */
export const estateTime = Date.UTC(2026, 2, 2, 9, 14, 5)

/** What words only the first, and only the second tenant has. */
const marks = ['amber', 'birch'] as const

/**
 * The platform as it is put together for its users, on a test's database, offline, with advisories, workers, and every
 * reply held against its declared schema. Images and everything else are put in by `furnish`.
 */
export async function startEstate(
  t: Pick<TestContext, 'after'>,
  parts: Pick<CompositionParts, 'reading'> = {},
): Promise<Estate> {
  const { database, pool, address } = await testDatabase(t)
  const folder = await mkdtemp(join(tmpdir(), 'lanner-estate-'))
  t.after(() => rm(folder, { recursive: true, force: true, maxRetries: 3 }))
  const settings = readServerSettings(
    {},
    {
      DATABASE_URL: urlOf(address),
      LANNER_DATA_DIR: folder,
      LANNER_OFFLINE: 'true',
      LANNER_WORKERS: '2',
      LANNER_RATE_LIMIT: '0',
    },
  )
  const complaints: string[] = []
  const stream = new Writable({
    write(line, _, done) {
      complaints.push(String(line).trim())
      done()
    },
  })
  const log = createLog({ level: 'error', stream })
  const metrics = createMetrics({ process: false })
  const keyring = openKeyring([new Secret(randomBytes(32).toString('hex'))])
  const begun = Date.now()
  const clock = (): number => estateTime + (Date.now() - begun)
  const shifted: Clock = { ...systemClock, now: clock }
  let credentials = { cid: '', client_id: '', client_secret: '' }
  const { cid } = await bootstrap(
    { database, keyring, clock, knownScopes, passwordCost: { logN: 4, r: 8, p: 1 } },
    { keep: async (made) => void (credentials = made) },
  )
  const opened = {
    database,
    pool,
    migrated: [],
    embedded: undefined,
    ready: async () => true,
    close: async () => {},
  }
  const composition = compose({
    ...parts,
    settings,
    opened,
    keyring,
    log,
    metrics,
    version: '0.0.0',
    clock: shifted,
  })
  t.after(() => composition.close())
  await composition.start()
  const { services, registry, workers } = composition
  await services.advisories.importFrom(await advisoryFolder(folder, 'first', {}), {
    signal: new AbortController().signal,
    onProgress: () => {},
  })
  const server = createServer({
    services,
    rooms: [...falconRooms, ...lannerRooms],
    bearer: (token) => services.tokens.find(token),
    rates: rateLimits({ perMinute: 0 }),
    log,
    metrics,
    clock,
    checkReplies: true,
    checks: [],
    protocols: [
      (app) => serveOpenApi(app, { version: '0.0.0' }),
      (app) =>
        void app.register(async (scope) =>
          registryRoutes(scope, {
            ...registry,
            clock,
            authenticate: registryAuthentication(registry.access, {}),
            say: ({ error }) => log.error({ err: error }, 'registry request failed'),
          }),
        ),
    ],
  })
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  workers?.start()
  t.after(async () => {
    await server.close(1000)
    await workers?.stop()
  })
  await housekept(database)
  const { cid: other } = await services.tenants.create(`${marks[1]} tenant`, 'test')
  const made = await services.clients.create(
    { cid: other, actor: `${marks[1]} owner`, scopes: knownScopes },
    { name: `${marks[1]} client` },
  )
  const tenant = async (
    mark: string,
    owner: string,
    clientId: string,
    clientSecret: string,
  ): Promise<EstateTenant> => {
    const { token } = await services.tokens.issue({ cid: owner, clientId }, '127.0.0.1')
    const call: EstateTenant['call'] = (method, path, asked = {}) =>
      exchange(url, method, path, { token, ...asked })
    return { mark, cid: owner, clientId, clientSecret, token, call, send: (...asked) => send(url, ...asked) }
  }
  return {
    url,
    database,
    composition,
    advisories: await advisoryFolder(folder, 'second', estateRecords(marks)),
    complaints,
    tenants: [
      await tenant(marks[0], cid, credentials.client_id, credentials.client_secret),
      await tenant(marks[1], other, made.client.clientId, made.secret.reveal()),
    ],
    settled: () => settled(database),
  }
}

async function send(
  url: string,
  method: string,
  path: string,
  bytes: Uint8Array | undefined,
  headers: Readonly<Record<string, string>>,
) {
  const body = bytes === undefined ? {} : { body: new Uint8Array(bytes) }
  const answer = await fetch(new URL(path, url), { method, headers, redirect: 'manual', ...body })
  return { status: answer.status, text: await answer.text(), headers: answer.headers }
}

/** The demo's advisories and further records, as if they had been downloaded when the estate started. */
async function advisoryFolder(
  within: string,
  name: string,
  records: Readonly<Record<string, unknown>>,
): Promise<string> {
  const folder = join(within, name)
  await cp(demoAdvisories, folder, { recursive: true })
  for (const [path, record] of Object.entries(records)) {
    const full = join(folder, path)
    await mkdir(dirname(full), { recursive: true })
    await writeFile(full, JSON.stringify(record))
  }
  const time = new Date(estateTime)
  for (const path of await readdir(folder, { recursive: true })) await utimes(join(folder, path), time, time)
  return folder
}

/** For threads, which open connections of their own. */
function urlOf({ host, port, user, database }: Address): string {
  return `postgresql:///${database}?${new URLSearchParams({ host, port: String(port), user })}`
}

const patience = 30_000

function settled(database: Database): Promise<void> {
  return eventually("the estate's jobs did not end", async () => {
    const { rows } = await sql<{ name: string }>`
      select name from job where state in (0, 2) /* every tenant: nothing is left to be done */`.execute(
      database,
    )
    return rows.length === 0
  })
}

/** What is due at every start is done: it judges what it finds, and must find nothing of a test half made. */
async function housekept(database: Database): Promise<void> {
  await eventually('the first housekeeping was not put in', async () => {
    const { rows } = await sql`select from job_schedule where schedule = ${hourlyHousekeeping.name}`.execute(
      database,
    )
    return rows.length > 0
  })
  await settled(database)
}

async function eventually(otherwise: string, holds: () => Promise<boolean>): Promise<void> {
  for (const until = Date.now() + patience; Date.now() < until; ) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error(`${otherwise} within ${patience} ms`)
}
