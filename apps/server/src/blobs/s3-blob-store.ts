import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { type Digest, parseDigest } from '@lanner/model'
import type { Secret } from '@lanner/oci'
import { AwsClient } from 'aws4fetch'
import { BlobFault, storageFault } from './blob-fault.ts'
import type { AppendOptions, BlobStore, ByteRange, StoredBlob } from './blob-store.ts'
import type { DiskReserve } from './disk-reserve.ts'
import { StagingFolder } from './staging-folder.ts'

/** Parts of a multipart upload: at least so large, at most so many. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const partBytes = 16 * 1024 * 1024
const maxParts = 9_000
/** Parts on their way at a time: what is held in memory is this many times a part. */
const partsAtOnce = 3
const retries = 4

export interface S3Options {
  /** `https://s3.eu-central-1.amazonaws.com`; the bucket is addressed by path. */
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: Secret
  readonly sessionToken?: Secret
  /** Before every key, with its own slash: `registry/`. */
  readonly prefix?: string
  /** Local folder for uploads under way: they are verified there before a byte goes to the bucket. */
  readonly staging: string
  /** Of the disk that the local folder lies on. */
  readonly reserve?: DiskReserve
  /** Instead of 16 MiB; S3 itself wants at least 5. */
  readonly partBytes?: number
}

/**
 * Blobs in a bucket of S3 or of what speaks like it. Objects appear whole or not at all by the protocol itself. A multipart
 * upload that a dying server left behind is the bucket's to remove, by a lifecycle rule.
 */
export class S3BlobStore implements BlobStore {
  readonly #options: S3Options
  readonly #client: AwsClient
  readonly #staging: StagingFolder

  constructor(options: S3Options) {
    this.#options = options
    this.#staging = new StagingFolder(options.staging, options.reserve)
    this.#client = new AwsClient({
      service: 's3',
      region: options.region,
      accessKeyId: options.accessKeyId,
      secretAccessKey: options.secretAccessKey.reveal(),
      ...(options.sessionToken ? { sessionToken: options.sessionToken.reveal() } : {}),
      retries,
    })
  }

  append(
    upload: string,
    from: number,
    body: AsyncIterable<Buffer> | Iterable<Buffer>,
    options?: AppendOptions,
  ): Promise<number> {
    return this.#staging.append(upload, from, body, options)
  }

  uploaded(upload: string): Promise<number> {
    return this.#staging.uploaded(upload)
  }

  seal(upload: string, digest: Digest): Promise<number> {
    return this.#staging.seal(upload, digest)
  }

  async publish(upload: string, digest: Digest): Promise<void> {
    const attempted = `publishing ${digest}`
    const handle = await open(this.#staging.path(upload), 'r').catch((error: unknown) => {
      throw storageFault(error, attempted)
    })
    try {
      const { size } = await handle.stat()
      const part = Math.max(this.#options.partBytes ?? partBytes, Math.ceil(size / maxParts))
      if (size <= part) await this.#putObject(digest, await readPart(handle, 0, size))
      else await this.#putParts(digest, handle, size, part)
    } finally {
      await handle.close()
    }
    await this.#staging.discard(upload)
  }

  discard(upload: string): Promise<void> {
    return this.#staging.discard(upload)
  }

  discardOlder(time: number): Promise<number> {
    return this.#staging.discardOlder(time)
  }

  async size(digest: Digest): Promise<number | undefined> {
    const answer = await this.#send('HEAD', this.#key(digest), `looking up ${digest}`, [404])
    return answer.ok ? Number(answer.headers.get('content-length')) : undefined
  }

  async read(digest: Digest, range?: ByteRange): Promise<Readable> {
    const headers = range ? { range: `bytes=${range.start}-${range.end}` } : undefined
    const answer = await this.#send('GET', this.#key(digest), `reading ${digest}`, [404], { headers })
    if (answer.status === 404) {
      await answer.body?.cancel()
      throw new BlobFault('not-found', `there is no blob ${digest}`)
    }
    return answer.body ? Readable.fromWeb(answer.body as ReadableStream) : Readable.from([])
  }

  async delete(digest: Digest): Promise<void> {
    await drop(await this.#send('DELETE', this.#key(digest), `deleting ${digest}`, [404]))
  }

  async *list(): AsyncIterable<StoredBlob> {
    const prefix = this.#options.prefix ?? ''
    for (let token = ''; ; ) {
      const query = new URLSearchParams({ 'list-type': '2', prefix })
      if (token) query.set('continuation-token', token)
      const answer = await this.#send('GET', `?${query}`, 'listing blobs')
      const text = await answer.text()
      for (const [, item] of text.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
        const [algorithm, , hex] = (element(item, 'Key') ?? '').slice(prefix.length).split('/')
        const digest = parseDigest(`${algorithm}:${hex}`)
        if (digest) yield { digest, size: Number(element(item, 'Size')) }
      }
      token = element(text, 'NextContinuationToken') ?? ''
      if (!token) return
    }
  }

  async #putObject(digest: Digest, bytes: Buffer): Promise<void> {
    await drop(await this.#send('PUT', this.#key(digest), `publishing ${digest}`, [], { bytes }))
  }

  async #putParts(digest: Digest, handle: FileHandle, size: number, part: number): Promise<void> {
    const key = this.#key(digest)
    const attempted = `publishing ${digest}`
    const begun = await this.#send('POST', `${key}?uploads`, attempted)
    const id = element(await begun.text(), 'UploadId')
    if (!id) throw new BlobFault('unavailable', `${attempted} failed: the store gave no upload id`)
    const upload = `uploadId=${encodeURIComponent(id)}`
    const tags: string[] = []
    let next = 0
    const count = Math.ceil(size / part)
    const work = async (): Promise<void> => {
      while (next < count) {
        const number = next++
        const bytes = await readPart(handle, number * part, Math.min(part, size - number * part))
        const path = `${key}?partNumber=${number + 1}&${upload}`
        const answer = await this.#send('PUT', path, attempted, [], { bytes })
        tags[number] = answer.headers.get('etag') ?? ''
        await drop(answer)
      }
    }
    try {
      const ends = await Promise.allSettled(Array.from({ length: Math.min(partsAtOnce, count) }, work))
      const failed = ends.find((end) => end.status === 'rejected')
      if (failed) throw failed.reason
      const parts = tags.map(
        (tag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${tag}</ETag></Part>`,
      )
      const list = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
      const answer = await this.#send('POST', `${key}?${upload}`, attempted, [], { bytes: Buffer.from(list) })
      // It may fail after it has said 200.
      if ((await answer.text()).includes('<Error>')) {
        throw new BlobFault('unavailable', `${attempted} failed: the store could not put the parts together`)
      }
    } catch (error) {
      next = count
      const abort = this.#send('DELETE', `${key}?${upload}`, attempted, [404]).then(drop)
      await abort.catch(() => undefined)
      throw error
    }
  }

  /** Sends one signed request; any status but a good one or those that are `expected` is a fault. */
  async #send(
    method: string,
    path: string,
    attempted: string,
    expected: readonly number[] = [],
    content: { readonly bytes?: Buffer; readonly headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Response> {
    const { endpoint, bucket } = this.#options
    const url = `${endpoint.replace(/\/$/, '')}/${bucket}${path.startsWith('?') ? '' : '/'}${path}`
    const { bytes } = content
    const headers: Record<string, string> = { ...content.headers }
    // Signed with the bytes: what is damaged on its way is refused.
    if (bytes) headers['x-amz-content-sha256'] = createHash('sha256').update(bytes).digest('hex')
    let answer: Response
    try {
      answer = await this.#client.fetch(url, {
        method,
        headers,
        ...(bytes
          ? { body: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length) as RequestInit['body'] }
          : {}),
      })
    } catch (cause) {
      throw new BlobFault('unavailable', `${attempted} failed: the store cannot be reached`, {
        cause,
        retryable: true,
      })
    }
    if (answer.ok || expected.includes(answer.status)) return answer
    const code = element(await answer.text(), 'Code') ?? ''
    throw new BlobFault('unavailable', `${attempted} failed: the store answered ${answer.status} ${code}`, {
      retryable: answer.status >= 500 || answer.status === 429,
    })
  }

  #key(digest: Digest): string {
    const [algorithm, hex] = digest.split(':') as [string, string]
    return `${this.#options.prefix ?? ''}${algorithm}/${hex.slice(0, 2)}/${hex}`
  }
}

async function readPart(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length)
  for (let read = 0; read < length; ) {
    const { bytesRead } = await handle.read(bytes, read, length - read, position + read)
    if (bytesRead === 0) throw new BlobFault('unavailable', 'an upload has become shorter')
    read += bytesRead
  }
  return bytes
}

/** A body that nobody reads keeps its connection. */
async function drop(answer: Response): Promise<void> {
  await answer.arrayBuffer()
}

/** The text of the first element of a name, in the flat XML that S3 answers. */
function element(xml: string, name: string): string | undefined {
  const start = xml.indexOf(`<${name}>`)
  const end = start < 0 ? -1 : xml.indexOf(`</${name}>`, start)
  if (end < 0) return undefined
  const text = xml.slice(start + name.length + 2, end)
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}
