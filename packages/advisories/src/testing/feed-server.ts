import { createHash } from 'node:crypto'
import type { Fetch } from '../update/fetch.ts'

export interface FakeFeeds {
  readonly fetch: Fetch
  /** Contents by address; change them between updates. */
  readonly files: Map<string, Buffer>
  /** What was asked, in order: path and, where given, range. */
  readonly asked: string[]
  /** Called before each answer; may throw, or answer for itself. */
  intercept?: (
    path: string,
  ) => { status: number; headers?: Record<string, string>; body?: Buffer[] } | undefined
}

export const bucket = 'https://feeds.example.org'

/** Feeds in memory that behave like a bucket: strong tags, conditional and range requests. */
export function fakeFeeds(): FakeFeeds {
  const feeds: FakeFeeds = {
    files: new Map(),
    asked: [],
    async fetch(url, { headers, signal }) {
      signal?.throwIfAborted()
      const path = decodeURIComponent(url.slice(bucket.length + 1))
      feeds.asked.push(headers['range'] ? `${path} ${headers['range']}` : path)
      const special = feeds.intercept?.(path)
      if (special)
        return { status: special.status, headers: special.headers ?? {}, body: chunks(special.body ?? []) }
      const content = feeds.files.get(path)
      if (content === undefined) return { status: 404, headers: {}, body: chunks([]) }
      const etag = `"${createHash('sha256').update(content).digest('hex').slice(0, 16)}"`
      if (headers['if-none-match'] === etag) return { status: 304, headers: { etag }, body: chunks([]) }
      const from =
        headers['if-range'] === etag ? Number(/^bytes=(\d+)-$/.exec(headers['range'] ?? '')?.[1] ?? 0) : 0
      const rest = content.subarray(from)
      return {
        status: from > 0 ? 206 : 200,
        headers: {
          etag,
          'content-length': String(rest.length),
          ...(from > 0 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
        },
        body: chunks([rest.subarray(0, rest.length >> 1), rest.subarray(rest.length >> 1)]),
      }
    },
  }
  return feeds
}

export async function* chunks(parts: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const part of parts) {
    if (part.length > 0) yield part
  }
}
