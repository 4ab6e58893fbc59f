import type { FastifyReply, FastifyRequest } from 'fastify'
import { ContentFault } from '../../use-cases/content-fault.ts'
import type { NameList, NamePage, Repositories } from '../../use-cases/repositories.ts'
import { type Exchange, linkNext, queryValue } from './exchange.ts'

/** GET of `/v2/<name>/tags/list`. */
export async function answerTags(
  repositories: Repositories,
  { request, reply, place }: Exchange,
): Promise<FastifyReply> {
  const page = pageOf(request)
  const list = await repositories.tags(place, page)
  link(reply, `/v2/${place.repository}/tags/list`, page, list)
  return sendJson(reply, { name: place.repository, tags: list.names })
}

/** GET of `/v2/_catalog`: https://distribution.github.io/distribution/spec/api/#catalog */
export async function answerCatalog(
  repositories: Repositories,
  cid: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const page = pageOf(request)
  const list = await repositories.list(cid, page)
  link(reply, '/v2/_catalog', page, list)
  return sendJson(reply, { repositories: list.names })
}

function pageOf(request: FastifyRequest): NamePage {
  const n = queryValue(request, 'n')
  const last = queryValue(request, 'last')
  if (n !== undefined && !/^\d{1,9}$/.test(n)) {
    throw new ContentFault('page-invalid', 'n must be a number of names', { detail: { n: n.slice(0, 40) } })
  }
  if (last?.includes('\0')) {
    throw new ContentFault('page-invalid', 'last must be a name, and no name has a NUL character')
  }
  return { ...(n === undefined ? {} : { limit: Number(n) }), ...(last === undefined ? {} : { last }) }
}

function link(reply: FastifyReply, path: string, page: NamePage, list: NameList): void {
  const last = list.names.at(-1)
  if (list.more && last !== undefined)
    linkNext(reply, path, { n: String(page.limit ?? list.names.length), last })
}

function sendJson(reply: FastifyReply, body: unknown): FastifyReply {
  return reply.header('content-type', 'application/json').send(Buffer.from(JSON.stringify(body)))
}
