import { parseRepository } from '@lanner/oci'
import type { FastifyReply } from 'fastify'
import { ContentFault } from '../../use-cases/content-fault.ts'
import { mayAct } from '../../use-cases/registry-access.ts'
import type { UploadBody, Uploads } from '../../use-cases/uploads.ts'
import { chunkRange, progressRange } from './byte-ranges.ts'
import { bodyOf, type Exchange, hasBody, queryValue, requiredDigest } from './exchange.ts'

/** POST of `/v2/<name>/blobs/uploads/`: begin, mount, or push at once. */
export async function answerUploads(uploads: Uploads, exchange: Exchange): Promise<FastifyReply> {
  const { request, reply, place } = exchange
  const mount = queryValue(request, 'mount')
  const digest = queryValue(request, 'digest')
  const algorithm = queryValue(request, 'digest-algorithm') ?? 'sha256'
  if (algorithm !== 'sha256' && algorithm !== 'sha512') {
    throw new ContentFault('digest-invalid', 'the digest algorithm must be sha256 or sha512')
  }
  if (mount !== undefined) {
    const wanted = requiredDigest(mount, 'mount')
    const from = repositoryToMount(exchange)
    if (from !== undefined && (await uploads.mount(place, wanted, from))) {
      return created(reply, `/v2/${place.repository}/blobs/${wanted}`, wanted)
    }
    return accepted(reply, exchange, await uploads.begin(place), 0)
  }
  if (digest === undefined) return accepted(reply, exchange, await uploads.begin(place), 0)
  const wanted = requiredDigest(digest, 'digest')
  const upload = await uploads.begin(place)
  try {
    await uploads.finish(place, upload, wanted, chunkOf(exchange))
  } catch (error) {
    // Nobody learned its id: nobody can go on with it.
    await uploads.cancel(place, upload).catch(() => undefined)
    throw error
  }
  return created(reply, `/v2/${place.repository}/blobs/${wanted}`, wanted)
}

/** GET, PATCH, PUT and DELETE of what POST has begun. */
export async function answerUpload(
  uploads: Uploads,
  exchange: Exchange,
  upload: string,
): Promise<FastifyReply> {
  const { request, reply, place } = exchange
  try {
    if (request.method === 'GET') {
      const length = await uploads.length(place, upload)
      return progress(reply, exchange, upload, length).code(204).send()
    }
    if (request.method === 'DELETE') {
      await uploads.cancel(place, upload)
      return reply.code(204).send()
    }
    if (request.method === 'PATCH') {
      const body = chunkOf(exchange)
      const length = await uploads.append(place, upload, body ?? { bytes: [] })
      return accepted(reply, exchange, upload, length)
    }
    const digest = requiredDigest(queryValue(request, 'digest'), 'digest')
    await uploads.finish(place, upload, digest, chunkOf(exchange))
    return created(reply, `/v2/${place.repository}/blobs/${digest}`, digest)
  } catch (error) {
    if (error instanceof ContentFault && error.code === 'range-invalid') {
      progress(reply, exchange, upload, await uploads.length(place, upload))
    }
    throw error
  }
}

/** The repository to mount from, if the caller may pull there; otherwise he uploads, as if it had not the blob. */
function repositoryToMount({ request, caller }: Exchange): string | undefined {
  const from = queryValue(request, 'from')
  if (from === undefined || !mayAct(caller, from, 'pull')) return undefined
  try {
    return parseRepository(from)
  } catch {
    return undefined
  }
}

/** The body of a request, with where it says that it begins. */
function chunkOf({ request }: Exchange): UploadBody | undefined {
  const header = request.headers['content-range']
  if (header === undefined) return hasBody(request) ? { bytes: bodyOf(request) } : undefined
  const range = chunkRange(header)
  if (!range) throw new ContentFault('range-invalid', 'Content-Range must be <first byte>-<last byte>')
  const length = request.headers['content-length']
  if (length !== undefined && Number(length) !== range.end - range.start + 1) {
    throw new ContentFault('size-invalid', `Content-Range ${header} does not have ${length} bytes`)
  }
  return { bytes: bodyOf(request), from: range.start }
}

function accepted(reply: FastifyReply, exchange: Exchange, upload: string, length: number): FastifyReply {
  return progress(reply, exchange, upload, length).code(202).header('content-length', 0).send()
}

function progress(reply: FastifyReply, { place }: Exchange, upload: string, length: number): FastifyReply {
  return reply.headers({
    location: `/v2/${place.repository}/blobs/uploads/${upload}`,
    range: progressRange(length),
    'docker-upload-uuid': upload,
  })
}

function created(reply: FastifyReply, location: string, digest: string): FastifyReply {
  return reply.code(201).headers({ location, 'docker-content-digest': digest, 'content-length': 0 }).send()
}
