import { parseRepository, ReferenceFault } from '@lanner/oci'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Blobs } from '../../use-cases/blobs.ts'
import { ContentFault } from '../../use-cases/content-fault.ts'
import type { Manifests } from '../../use-cases/manifests.ts'
import { catalogRight, type RegistryAccess, type RegistryCaller } from '../../use-cases/registry-access.ts'
import type { RegistryAction } from '../../use-cases/registry-token.ts'
import type { Repositories } from '../../use-cases/repositories.ts'
import type { Uploads } from '../../use-cases/uploads.ts'
import { type Authenticate, type Challenge, type Need, registryAuthentication } from './authentication.ts'
import { answerBlob } from './blob-routes.ts'
import { errorAnswer, sendError } from './error-answers.ts'
import type { Exchange } from './exchange.ts'
import { answerCatalog, answerTags } from './list-routes.ts'
import { answerManifest, answerReferrers, type RepositoryChange } from './manifest-routes.ts'
import { parseRegistryPath, type RegistryPath } from './registry-path.ts'
import { answerToken, sendChallenge } from './token-endpoint.ts'
import { answerUpload, answerUploads } from './upload-routes.ts'

/** What the push registry is made of. */
export interface RegistryPorts {
  readonly blobs: Blobs
  readonly uploads: Uploads
  readonly manifests: Manifests
  readonly repositories: Repositories
  readonly access: RegistryAccess
  readonly authenticate?: Authenticate
  readonly clock: () => number
  /** Told of what failed on our side; the client only learns that it did. */
  readonly say?: (failure: {
    readonly error: unknown
    readonly method: string
    readonly path: string
  }) => void
  /** Told of every answer: `/v2 GET manifest`, say. */
  readonly answered?: (operation: string, status: number, seconds: number) => void
  /** Told of what was pushed and deleted. */
  readonly noted?: (change: RepositoryChange) => void
}

/** Bytes of a refused body that are read and dropped, so that its sender gets to read why. */
const maxDrainedBytes = 64 * 1024 * 1024

const methods: Readonly<Record<RegistryPath['kind'], readonly string[]>> = {
  base: ['GET', 'HEAD'],
  token: ['GET', 'POST'],
  catalog: ['GET', 'HEAD'],
  tags: ['GET', 'HEAD'],
  referrers: ['GET', 'HEAD'],
  manifest: ['GET', 'HEAD', 'PUT', 'DELETE'],
  blob: ['GET', 'HEAD', 'DELETE'],
  uploads: ['POST'],
  upload: ['GET', 'PATCH', 'PUT', 'DELETE'],
  unknown: [],
}

/**
 * The OCI distribution specification 1.1 at `/v2/`. A plugin with parsers and errors of its own: bodies are streams of any
 * length, and whatever fails is answered as the specification's JSON.
 */
export async function registryRoutes(app: FastifyInstance, ports: RegistryPorts): Promise<void> {
  const authenticate = ports.authenticate ?? registryAuthentication(ports.access)

  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', (_request, _body, done) => done(null))
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('docker-distribution-api-version', 'registry/2.0')
  })
  app.addHook('onResponse', async (request, reply) => {
    const { kind } = parseRegistryPath(request.url)
    // No more names than there are of ours.
    const method = methods[kind].includes(request.method) ? request.method : 'other'
    ports.answered?.(`/v2 ${method} ${kind}`, reply.statusCode, reply.elapsedTime / 1000)
  })
  app.setErrorHandler((error, request, reply) => refuse(request, reply, error))
  app.all('/v2', answer)
  app.all('/v2/*', answer)

  function refuse(request: FastifyRequest, reply: FastifyReply, error: unknown): FastifyReply {
    const told = errorAnswer(error, ports.clock())
    if (told.unexpected && !request.raw.errored) {
      ports.say?.({ error, method: request.method, path: request.url.split('?', 1)[0] })
    }
    drainAfter(request, reply)
    return sendError(reply, told)
  }

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const path = parseRegistryPath(request.url)
    if (path.kind === 'token') return answerToken(ports.access, request, reply)
    const allowed = methods[path.kind]
    const { method } = request
    const need = needOf(path, method)
    const caller = await authenticate(request, need)
    if (isChallenge(caller)) {
      drainAfter(request, reply)
      return sendChallenge(reply, caller)
    }
    if (allowed.length === 0) {
      const message = 'this registry has no such endpoint'
      return sendError(reply, { status: 404, code: 'UNSUPPORTED', message })
    }
    if (!allowed.includes(method)) {
      drainAfter(request, reply)
      const message = `${method} is not supported here; ${allowed.join(', ')} are`
      return sendError(reply.header('allow', allowed.join(', ')), {
        status: 405,
        code: 'UNSUPPORTED',
        message,
      })
    }
    if (path.kind === 'base') {
      return reply.header('content-type', 'application/json').send('{}')
    }
    if (path.kind === 'catalog') return answerCatalog(ports.repositories, caller.cid, request, reply)
    if (!('repository' in path)) throw new Error('every other path has a repository')
    const repository = checkedName(path.repository)
    const exchange: Exchange = { request, reply, caller, place: { cid: caller.cid, repository } }
    return answerIn(ports, path, exchange)
  }
}

function answerIn(
  { blobs, uploads, manifests, repositories, noted }: RegistryPorts,
  path: Extract<RegistryPath, { readonly repository: string }>,
  exchange: Exchange,
): Promise<FastifyReply> {
  switch (path.kind) {
    case 'tags':
      return answerTags(repositories, exchange)
    case 'referrers':
      return answerReferrers(manifests, exchange, path.digest)
    case 'manifest':
      return answerManifest(manifests, exchange, path.reference, noted)
    case 'blob':
      return answerBlob(blobs, exchange, path.digest)
    case 'uploads':
      return answerUploads(uploads, exchange)
    case 'upload':
      return answerUpload(uploads, exchange, path.upload)
  }
}

function needOf(path: RegistryPath, method: string): Need | undefined {
  if (path.kind === 'catalog') return { repository: catalogRight, action: 'pull' }
  if (!('repository' in path)) return undefined
  return { repository: path.repository, action: actionOf(path, method) }
}

/** To ask after an upload, or to cancel it, is part of pushing. */
function actionOf(path: RegistryPath, method: string): RegistryAction {
  if (path.kind === 'upload' || path.kind === 'uploads') return 'push'
  if (method === 'GET' || method === 'HEAD') return 'pull'
  return method === 'DELETE' ? 'delete' : 'push'
}

function checkedName(repository: string): string {
  try {
    return parseRepository(repository)
  } catch (error) {
    if (!(error instanceof ReferenceFault)) throw error
    throw new ContentFault('name-invalid', error.message, { detail: { name: repository.slice(0, 300) } })
  }
}

function isChallenge(found: RegistryCaller | Challenge): found is Challenge {
  return 'status' in found
}

/** What is left of a body is read and dropped once the answer is out: a sender in the middle of it would wait for ever. */
function drainAfter(request: FastifyRequest, reply: FastifyReply): void {
  const { raw } = request
  if (raw.readableEnded || raw.destroyed) return
  reply.raw.once('finish', () => {
    if (raw.readableEnded || raw.destroyed) return
    let drained = 0
    raw.on('data', (part: Buffer) => {
      drained += part.length
      if (drained > maxDrainedBytes) raw.destroy()
    })
    raw.on('error', () => undefined)
    raw.resume()
  })
}
