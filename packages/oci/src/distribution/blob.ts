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
    let skip = await checkReply(reply, at, size)
    try {
      for await (const part of reply.parts()) {
        const wanted = skip > 0 ? part.subarray(Math.min(skip, part.length)) : part
        skip -= part.length - wanted.length
        if (wanted.length === 0) continue
        at += wanted.length
        if (at > size) throw fault('too-large', `more than the ${size} bytes of its descriptor came`)
        yield wanted
      }
      if (at < size) throw fault('unreachable', `the answer ended after ${at} of ${size} bytes`, true)
    } catch (error) {
      if (!(error instanceof RegistryFault) || !error.retryable) throw error
      breaks = at - start >= progress ? 1 : breaks + 1
      if (breaks >= maxBreaks) throw error
      await transport.pause(breaks, { purpose, signal })
    }
  }

  function fault(
    code: 'malformed' | 'too-large' | 'unreachable',
    reason: string,
    retryable = false,
  ): RegistryFault {
    const message = `${purpose} from ${transport.registry} failed: ${reason}`
    return new RegistryFault(code, message, { registry: transport.registry, retryable })
  }

  /** How many bytes to skip: those that we asked to leave out and got nevertheless. */
  async function checkReply(reply: Reply, from: number, whole: number): Promise<number> {
    try {
      return bytesToSkip(reply, from, whole)
    } catch (error) {
      await reply.discard()
      throw error
    }
  }

  function bytesToSkip(reply: Reply, from: number, whole: number): number {
    const encoding = reply.header('content-encoding')
    if (encoding && encoding.toLowerCase() !== 'identity') {
      throw fault(
        'malformed',
        `it came with content encoding ${JSON.stringify(encoding.slice(0, 40))}, which was not asked for`,
      )
    }
    const length = reply.header('content-length')
    const ranged = reply.status === 206
    if (ranged) checkRange(reply.header('content-range'), from, whole)
    const expected = ranged ? whole - from : whole
    if (length !== undefined && Number(length) !== expected) {
      throw fault('malformed', `${length} bytes were announced where its descriptor leaves ${expected}`)
    }
    return ranged ? 0 : from
  }

  function checkRange(header: string | undefined, from: number, whole: number): void {
    const range = /^bytes (?<first>\d{1,16})-(?<last>\d{1,16})\/(?<total>\d{1,16}|\*)$/.exec(
      header ?? '',
    )?.groups
    const fits =
      range &&
      Number(range.first) === from &&
      Number(range.last) === whole - 1 &&
      (range.total === '*' || Number(range.total) === whole)
    if (fits) return
    throw fault(
      'malformed',
      `bytes ${from} to ${whole - 1} were asked for, but the answer holds ${JSON.stringify(header?.slice(0, 60))}`,
    )
  }
}
