import type { FastifyReply } from 'fastify'
import type { Blobs } from '../../use-cases/blobs.ts'
import { requestedRange } from './byte-ranges.ts'
import { type Exchange, requiredDigest } from './exchange.ts'

/** GET, HEAD and DELETE of `/v2/<name>/blobs/<digest>`. */
export async function answerBlob(
  blobs: Blobs,
  { request, reply, place }: Exchange,
  named: string,
): Promise<FastifyReply> {
  const digest = requiredDigest(named, 'the digest')
  if (request.method === 'DELETE') {
    await blobs.delete(place, digest)
    return reply.code(202).send()
  }
  const size = await blobs.size(place, digest)
  reply.headers({
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
    'accept-ranges': 'bytes',
    etag: `"${digest}"`,
  })
  if (request.headers['if-none-match']?.includes(`"${digest}"`)) return reply.code(304).send()
  const range = requestedRange(request.headers.range, size)
  if (range === 'beyond') {
    // Of a blob that cannot be read so far there is no error code; the status and the size say it all.
    return reply.code(416).header('content-range', `bytes */${size}`).header('content-length', 0).send()
  }
  if (request.method === 'HEAD') return reply.header('content-length', size).send()
  if (range) {
    reply.code(206).header('content-range', `bytes ${range.start}-${range.end}/${size}`)
  }
  reply.header('content-length', range ? range.end - range.start + 1 : size)
  return reply.send(await blobs.read(place, digest, range))
}
