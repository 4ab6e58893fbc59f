import type { Descriptor } from '../descriptor.ts'
import { RegistryFault } from '../transport/registry-fault.ts'
import type { RegistryTransport } from '../transport/registry-transport.ts'
import type { Reply } from '../transport/reply.ts'
import { pullScope } from './scope.ts'

export interface BlobOptions {
  /** Bytes to leave out at the start. */
  readonly offset?: number
  readonly signal?: AbortSignal
}

/** Broken connections in a row, none of which brought at least `progress` bytes, after which a blob is given up. */
const maxBreaks = 5
const progress = 1024 * 1024

/**
 * Streams a blob, and goes on where a broken connection left off. Exactly `descriptor.size` bytes (less the offset) come, or
 * a `RegistryFault` is thrown; their digest is for the caller to verify.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-blobs
 */
export async function* streamBlob(
  transport: RegistryTransport,
  repository: string,
  descriptor: Pick<Descriptor, 'digest' | 'size'>,
  { offset = 0, signal }: BlobOptions = {},
): AsyncGenerator<Buffer> {
  const { digest, size } = descriptor
  const purpose = `reading blob ${digest} of ${repository}`
  const what = { registry: transport.registry, purpose }
  let at = offset
  let breaks = 0
  while (at < size) {
    const start = at
    // What this gives up on was tried often enough; only a break while streaming is tried again from where it happened.
    const reply = await transport.request({
      method: 'GET',
      path: `/v2/${repository}/blobs/${digest}`,
      scope: pullScope(repository),
      headers: { accept: '*/*', ...(at > 0 ? { range: `bytes=${at}-` } : {}) },
      purpose,
      signal,
    })
    const lie = contradiction(reply, at, size)
    if (lie) {
      await reply.discard()
      throw blobFault('malformed', lie, what)
    }
    // A server that knows no ranges sends what we have once more.
    let skip = reply.status === 206 ? 0 : at
    try {
      for await (const part of reply.parts()) {
        const wanted = skip > 0 ? part.subarray(Math.min(skip, part.length)) : part
        skip -= part.length - wanted.length
        if (wanted.length === 0) continue
        at += wanted.length
        if (at > size)
          throw blobFault('too-large', `more than the ${size} bytes of its descriptor came`, what)
        yield wanted
      }
      if (at < size) throw blobFault('unreachable', `the answer ended after ${at} of ${size} bytes`, what)
    } catch (error) {
      if (!(error instanceof RegistryFault) || !error.retryable) throw error
      breaks = at - start >= progress ? 1 : breaks + 1
      if (breaks >= maxBreaks) throw error
      await transport.pause(breaks, { purpose, signal })
    }
  }
}

/** What the headers say that cannot be so, in words; undefined when the body may be read. */
function contradiction(reply: Reply, from: number, size: number): string | undefined {
  const encoding = reply.header('content-encoding')
  if (encoding && encoding.toLowerCase() !== 'identity') {
    return `it came with content encoding ${JSON.stringify(encoding.slice(0, 40))}, which was not asked for`
  }
  const ranged = reply.status === 206
  const range = reply.header('content-range')
  if (ranged && !isRange(range, from, size)) {
    return `bytes ${from} to ${size - 1} were asked for, but the answer holds ${JSON.stringify(range?.slice(0, 60))}`
  }
  const expected = ranged ? size - from : size
  const length = reply.header('content-length')
  if (length !== undefined && Number(length) !== expected) {
    return `${length} bytes were announced where its descriptor leaves ${expected}`
  }
  return undefined
}

/** RFC 9110 section 14.4. */
function isRange(header: string | undefined, from: number, size: number): boolean {
  const range = /^bytes (?<first>\d{1,16})-(?<last>\d{1,16})\/(?<total>\d{1,16}|\*)$/.exec(
    header ?? '',
  )?.groups
  if (!range || Number(range.first) !== from || Number(range.last) !== size - 1) return false
  return range.total === '*' || Number(range.total) === size
}

function blobFault(
  code: 'malformed' | 'too-large' | 'unreachable',
  reason: string,
  { registry, purpose }: { readonly registry: string; readonly purpose: string },
): RegistryFault {
  const message = `${purpose} from ${registry} failed: ${reason}`
  return new RegistryFault(code, message, { registry, retryable: code === 'unreachable' })
}
