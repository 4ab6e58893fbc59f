import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RegistryAccess, RegistryCaller } from '../../use-cases/registry-access.ts'
import { type Challenge, registryService } from './authentication.ts'
import { sendError } from './error-answers.ts'
import { queryValues, wholeBody } from './exchange.ts'

const maxFormBytes = 64 * 1024

/**
 * Gives tokens for the Bearer header, to GET with Basic (https://distribution.github.io/distribution/spec/auth/token/) and to
 * POST with a form (https://distribution.github.io/distribution/spec/auth/oauth/).
 */
export async function answerToken(
  access: RegistryAccess,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  reply.header('cache-control', 'no-store')
  if (request.method === 'GET') {
    const caller = await access.identify(request.headers.authorization, request.ip)
    return caller ? sendToken(access, reply, caller, queryValues(request, 'scope')) : sendRefusal(reply)
  }
  if (request.method !== 'POST') {
    reply.header('allow', 'GET, POST')
    return sendError(reply, { status: 405, code: 'UNSUPPORTED', message: 'use GET or POST' })
  }
  const body = await wholeBody(request, maxFormBytes)
  if (!body) return sendError(reply, { status: 413, code: 'SIZE_INVALID', message: 'the form is too large' })
  const form = new URLSearchParams(body.toString('utf8'))
  const user = form.get('username')
  const password = form.get('password')
  if (form.get('grant_type') !== 'password' || user === null || password === null) {
    const message = 'grant_type must be password, with username and password'
    return sendError(reply, { status: 400, code: 'UNSUPPORTED', message })
  }
  const basic = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  const caller = await access.identify(basic, request.ip)
  return caller ? sendToken(access, reply, caller, form.getAll('scope')) : sendRefusal(reply)
}

export function sendChallenge(reply: FastifyReply, { status, message, challenge }: Challenge): FastifyReply {
  if (challenge) reply.header('www-authenticate', challenge)
  return sendError(reply, { status, code: status === 401 ? 'UNAUTHORIZED' : 'DENIED', message })
}

function sendToken(
  access: RegistryAccess,
  reply: FastifyReply,
  caller: RegistryCaller,
  scopes: readonly string[],
): FastifyReply {
  const asked = scopes.flatMap((scope) => scope.split(' ')).filter((scope) => scope !== '')
  const { token, expiresIn, issuedAt } = access.issueToken(caller, asked)
  return reply.header('content-type', 'application/json').send(
    JSON.stringify({
      token,
      access_token: token,
      expires_in: expiresIn,
      issued_at: issuedAt.toISOString(),
    }),
  )
}

function sendRefusal(reply: FastifyReply): FastifyReply {
  const challenge = `Basic realm="${registryService}"`
  return sendChallenge(reply, { status: 401, message: 'the credentials are not valid', challenge })
}
