import { isDigest } from '@lanner/model'
import { isTag } from '@lanner/oci'
import type { FastifyReply } from 'fastify'
import { ContentFault } from '../../use-cases/content-fault.ts'
import { maxManifestBytes } from '../../use-cases/manifest-document.ts'
import type { Manifests } from '../../use-cases/manifests.ts'
import { type Exchange, linkNext, queryValue, queryValues, requiredDigest, wholeBody } from './exchange.ts'

/** Tags that one push by digest sets at most. */
export const maxTagsInPush = 50

/** What somebody changed in a repository. */
export interface RepositoryChange {
  readonly change: 'pushed' | 'deleted'
  readonly cid: string
  readonly actor: string
  readonly repository: string
  /** Tag or digest. */
  readonly reference: string
  readonly digest?: string
  /** Of what was pushed: the manifest and what it needs, whether or not it was there before. */
  readonly bytes?: number
}

/** GET, HEAD, PUT and DELETE of `/v2/<name>/manifests/<tag or digest>`. */
export async function answerManifest(
  manifests: Manifests,
  exchange: Exchange,
  reference: string,
  noted: (change: RepositoryChange) => void = () => {},
): Promise<FastifyReply> {
  const { request, reply, place, caller } = exchange
  checkReference(reference, request.method === 'PUT')
  if (request.method === 'PUT') return putManifest(manifests, exchange, reference, noted)
  if (request.method === 'DELETE') {
    await manifests.delete(place, reference)
    noted({ change: 'deleted', ...place, actor: caller.actor, reference })
    return reply.code(202).send()
  }
  if (request.method === 'HEAD') {
    const { digest, mediaType, size } = await manifests.head(place, reference)
    return described(reply, digest, mediaType).header('content-length', size).send()
  }
  const { digest, mediaType, content } = await manifests.get(place, reference)
  described(reply, digest, mediaType)
  if (request.headers['if-none-match']?.includes(`"${digest}"`)) return reply.code(304).send()
  return reply.send(content)
}

/** GET of `/v2/<name>/referrers/<digest>`. */
export async function answerReferrers(
  manifests: Manifests,
  { request, reply, place }: Exchange,
  named: string,
): Promise<FastifyReply> {
  const digest = requiredDigest(named, 'the digest')
  const artifactType = queryValue(request, 'artifactType') || undefined
  const after = queryValue(request, 'last')
  const { descriptors, next } = await manifests.referrers(place, digest, {
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(after === undefined ? {} : { last: requiredDigest(after, 'last') }),
  })
  if (next) linkNext(reply, `/v2/${place.repository}/referrers/${digest}`, { artifactType, last: next })
  if (artifactType !== undefined) reply.header('oci-filters-applied', 'artifactType')
  const mediaType = 'application/vnd.oci.image.index.v1+json'
  return reply
    .header('content-type', mediaType)
    .send(Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests: descriptors })))
}

async function putManifest(
  manifests: Manifests,
  { request, reply, place, caller }: Exchange,
  reference: string,
  noted: (change: RepositoryChange) => void,
): Promise<FastifyReply> {
  const content = await wholeBody(request, maxManifestBytes)
  if (!content) {
    throw new ContentFault('manifest-too-large', `a manifest has at most ${maxManifestBytes} bytes`)
  }
  const tags = queryValues(request, 'tag')
  if (tags.length > maxTagsInPush) {
    throw new ContentFault('manifest-invalid', `at most ${maxTagsInPush} tags are set at once`)
  }
  for (const tag of tags) checkReference(tag, true)
  const claimed = queryValue(request, 'digest')
  const { digest, subject, bytes } = await manifests.put(place, reference, {
    content,
    actor: caller.actor,
    ...(request.headers['content-type'] ? { mediaType: request.headers['content-type'] } : {}),
    ...(isDigest(reference) ? { tags } : {}),
    ...(claimed === undefined ? {} : { digest: requiredDigest(claimed, 'digest') }),
  })
  noted({ change: 'pushed', ...place, actor: caller.actor, reference, digest, bytes })
  if (subject) reply.header('oci-subject', subject)
  if (isDigest(reference) && tags.length > 0) reply.header('oci-tag', tags.join(', '))
  return reply
    .code(201)
    .headers({
      location: `/v2/${place.repository}/manifests/${digest}`,
      'docker-content-digest': digest,
      'content-length': 0,
    })
    .send()
}

function described(reply: FastifyReply, digest: string, mediaType: string): FastifyReply {
  return reply.headers({
    'content-type': mediaType,
    'docker-content-digest': digest,
    etag: `"${digest}"`,
  })
}

/** What can be no tag cannot be found either, but it cannot be put at all. */
function checkReference(reference: string, putting: boolean): void {
  if (reference.includes(':')) {
    requiredDigest(reference, 'the digest')
    return
  }
  if (isTag(reference)) return
  const message =
    'a tag has up to 128 letters, digits, dots, underscores and dashes, and begins with none of the last'
  throw new ContentFault(putting ? 'manifest-invalid' : 'manifest-unknown', message, {
    detail: { reference: String(reference).slice(0, 200) },
  })
}
