import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Caller } from '@lanner/contract'
import { type FastifyInstance, fastify } from 'fastify'
import type { BlobStore } from '../blobs/blob-store.ts'
import { FolderBlobStore } from '../blobs/folder-blob-store.ts'
import type { Database } from '../db/database.ts'
import type { RepositoryChange } from '../http/registry/manifest-routes.ts'
import { registryRoutes } from '../http/registry/registry-routes.ts'
import { blobs as blobsOf } from '../use-cases/blobs.ts'
import { type ManifestDeleted, type ManifestPut, manifests as manifestsOf } from '../use-cases/manifests.ts'
import { type RegistryAccess, registryAccess } from '../use-cases/registry-access.ts'
import { repositories } from '../use-cases/repositories.ts'
import { RequestFault } from '../use-cases/request-fault.ts'
import { uploads as uploadsOf } from '../use-cases/uploads.ts'
import { testDatabase } from './database.ts'

export const aliceCid = 'a'.repeat(32)
export const bobCid = 'b'.repeat(32)

/** Who can sign in: name is the password, too. `alice` and `bob` are of two tenants and may do all. */
const people: Readonly<Record<string, Caller>> = {
  alice: caller(aliceCid, 'alice', 'falcon-container-image:write', 'falcon-container-image:read'),
  bob: caller(bobCid, 'bob', 'falcon-container-image:write'),
  reader: caller(aliceCid, 'reader', 'falcon-container:read'),
  pusher: caller(aliceCid, 'pusher', 'falcon-container-cli:write'),
  nobody: caller(aliceCid, 'nobody', 'hosts:read'),
}

export interface PushRegistry {
  /** `http://127.0.0.1:port`. */
  readonly url: string
  readonly database: Database
  readonly blobs: BlobStore
  readonly access: RegistryAccess
  readonly put: ManifestPut[]
  readonly deleted: ManifestDeleted[]
  readonly failures: unknown[]
  readonly changes: RepositoryChange[]
  /** Operation and status. */
  readonly answered: string[]
  /** What the clock says; may be set. */
  now: number
  /** Bytes that a tenant may have; may be set. */
  quota: number | undefined
  /** What `onManifest` does beside being noted; may be set. */
  onManifest: (put: ManifestPut) => Promise<void>
  /** A request, by default as alice; `as: ''` sends no credentials. */
  request(
    path: string,
    init?: RequestInit & { readonly as?: string; readonly duplex?: 'half' },
  ): Promise<Response>
}

/** A push registry that listens on loopback until the test ends. */
export async function startPushRegistry(
  t: TestContext,
  options: {
    readonly database?: Database
    readonly folder?: string
    readonly wrap?: (store: BlobStore) => BlobStore
  } = {},
): Promise<PushRegistry> {
  const database = options.database ?? (await testDatabase(t)).database
  const folder = options.folder ?? (await temporaryBlobs(t))
  const store = new FolderBlobStore(folder)
  const blobs = options.wrap?.(store) ?? store
  const clock = (): number => registry.now
  const quota = async (): Promise<number | undefined> => registry.quota
  const access = registryAccess({
    authenticator: {
      basic: async (user, password) => {
        if (user === 'guesser') {
          throw new RequestFault('too-many', 'too many failed sign-ins', { retryAt: clock() + 7_000 })
        }
        return user === password.reveal() ? people[user] : undefined
      },
      bearer: async (token) => people[token],
    },
    keys: [{ id: 'k1', key: randomBytes(32) }],
    clock,
  })
  const registry: PushRegistry = {
    url: '',
    database,
    blobs,
    access,
    put: [],
    deleted: [],
    failures: [],
    changes: [],
    answered: [],
    now: Date.UTC(2026, 0, 1),
    quota: undefined,
    onManifest: async () => undefined,
    request: (path, { as = 'alice', ...init } = {}) => {
      const headers = new Headers(init.headers)
      if (as && !headers.has('authorization')) headers.set('authorization', basic(as, as))
      return fetch(new URL(path, registry.url), { ...init, headers })
    },
  }
  const app: FastifyInstance = fastify({ requestTimeout: 0, forceCloseConnections: true })
  app.register(registryRoutes, {
    blobs: blobsOf({ database, blobs, clock }),
    uploads: uploadsOf({ database, blobs, clock, quota }),
    manifests: manifestsOf({
      database,
      clock,
      quota,
      onManifest: async (put) => {
        registry.put.push(put)
        await registry.onManifest(put)
      },
      onDeleted: async (deleted) => void registry.deleted.push(deleted),
    }),
    repositories: repositories({ database }),
    access,
    clock,
    say: ({ error }) => registry.failures.push(error),
    answered: (operation, status) => registry.answered.push(`${operation} ${status}`),
    noted: (change) => registry.changes.push(change),
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.close())
  const { port } = app.server.address() as AddressInfo
  return Object.assign(registry, { url: `http://127.0.0.1:${port}` })
}

export async function temporaryBlobs(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lanner-blobs-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  return folder
}

export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}

function caller(cid: string, actor: string, ...scopes: string[]): Caller {
  return { cid, actor, scopes: new Set(scopes) }
}
