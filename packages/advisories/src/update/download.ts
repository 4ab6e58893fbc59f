import { createHash } from 'node:crypto'
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { AdvisoryFault, messageOf } from '../fault.ts'
import { discard, type Fetch, type HttpAnswer } from './fetch.ts'

export interface Downloads {
  /** Where parts wait to be continued. */
  readonly folder: string
  readonly fetch: Fetch
  /** Waits between attempts; rejects when the signal is raised. */
  readonly wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  readonly signal?: AbortSignal
  readonly onBytes?: (source: string, bytes: number, total: number | undefined) => void
}

export interface Downloaded {
  readonly path: string
  readonly bytes: number
  readonly etag?: string
}

const attempts = 4
const firstWait = 1_000
const longestWait = 60_000

/**
 * Fetches an address into a file; what an interrupted attempt, of this run or an earlier one, has got is continued where the
 * server still has the same content. `unchanged` when the server says that its content is still the one with `knownTag`.
 * Throws AdvisoryFault `unreachable`, `too-large` or `cancelled`.
 */
export async function download(
  downloads: Downloads,
  source: string,
  url: string,
  cap: number,
  knownTag?: string,
): Promise<Downloaded | 'unchanged'> {
  mkdirSync(downloads.folder, { recursive: true })
  const path = join(downloads.folder, `${createHash('sha256').update(url).digest('hex').slice(0, 32)}.part`)
  return await retried(downloads, url, () => attempt(downloads, source, url, path, cap, knownTag))
}

/** Fetches something small into memory, with the same patience. */
export async function fetchSmall(downloads: Downloads, url: string, cap: number): Promise<Buffer> {
  return await retried(downloads, url, async () => {
    const answer = await ask(downloads, url, {})
    if (answer.status !== 200) throw await refusal(answer, url)
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of answer.body) {
      length += chunk.length
      if (length > cap) throw new AdvisoryFault('too-large', `${url} has more than ${cap} bytes`)
      chunks.push(chunk)
    }
    checkLength(answer, length, url)
    return Buffer.concat(chunks, length)
  })
}

/** Calls again after failures that may pass. */
export async function retried<Result>(
  downloads: Downloads,
  url: string,
  work: () => Promise<Result>,
): Promise<Result> {
  for (let tried = 1; ; tried++) {
    if (downloads.signal?.aborted) throw stopped(url)
    try {
      return await work()
    } catch (error) {
      if (downloads.signal?.aborted) throw stopped(url)
      const passing = error instanceof AdvisoryFault ? error.retryable : true
      if (passing && tried < attempts) {
        const wanted = error instanceof Refusal ? error.after : undefined
        await downloads.wait(Math.min(wanted ?? firstWait * 2 ** (tried - 1), longestWait), downloads.signal)
        continue
      }
      if (error instanceof AdvisoryFault) throw error
      throw new AdvisoryFault('unreachable', `${url} could not be fetched: ${messageOf(error)}`, {
        cause: error,
        retryable: true,
      })
    }
  }
}

/** An answer that is none, with how long the server asks to wait. */
class Refusal extends AdvisoryFault {
  readonly after: number | undefined

  constructor(message: string, retryable: boolean, after: number | undefined) {
    super('unreachable', message, { retryable })
    this.after = after
  }
}

export async function refusal(answer: HttpAnswer, url: string): Promise<AdvisoryFault> {
  await discard(answer)
  const passing = answer.status === 408 || answer.status === 429 || answer.status >= 500
  const after = Number(answer.headers['retry-after'])
  return new Refusal(
    `${url} answered ${answer.status}`,
    passing,
    Number.isFinite(after) ? after * 1_000 : undefined,
  )
}

async function attempt(
  downloads: Downloads,
  source: string,
  url: string,
  path: string,
  cap: number,
  knownTag: string | undefined,
): Promise<Downloaded | 'unchanged'> {
  const part = partOf(path, url)
  const answer = await ask(downloads, url, {
    ...(part
      ? { range: `bytes=${part.bytes}-`, 'if-range': part.etag }
      : knownTag
        ? { 'if-none-match': knownTag }
        : {}),
  })
  if (answer.status === 304) {
    await discard(answer)
    return 'unchanged'
  }
  const continued =
    part !== undefined &&
    answer.status === 206 &&
    answer.headers['content-range']?.startsWith(`bytes ${part.bytes}-`)
  if (!continued && answer.status !== 200) {
    // The part no longer fits (416): the next attempt starts anew.
    forget(path)
    const fault = await refusal(answer, url)
    throw part ? new Refusal(fault.message, true, 0) : fault
  }
  const start = continued ? part.bytes : 0
  const etag = answer.headers['etag']
  if (!continued) forget(path)
  // A weak tag does not promise the same bytes, so such a part is not continued.
  if (etag && !etag.startsWith('W/')) writeFileSync(`${path}.json`, JSON.stringify({ url, etag }))
  const length = Number(answer.headers['content-length'])
  const total = Number.isFinite(length) ? start + length : undefined
  if (total !== undefined && total > cap) {
    await discard(answer)
    forget(path)
    throw new AdvisoryFault('too-large', `${url} has ${total} bytes, more than ${cap}`)
  }
  const bytes = await receive(downloads, source, answer, path, start, total, cap)
  checkLength(answer, bytes - start, url)
  return { path, bytes, ...(etag ? { etag } : {}) }
}

async function receive(
  downloads: Downloads,
  source: string,
  answer: HttpAnswer,
  path: string,
  start: number,
  total: number | undefined,
  cap: number,
): Promise<number> {
  const fd = openSync(path, start === 0 ? 'w' : 'a')
  let bytes = start
  try {
    for await (const chunk of answer.body) {
      bytes += chunk.length
      if (bytes > cap)
        throw new AdvisoryFault('too-large', `The answer for ${source} has more than ${cap} bytes`)
      for (let written = 0; written < chunk.length; ) written += writeSync(fd, chunk, written)
      downloads.onBytes?.(source, bytes, total)
    }
  } finally {
    closeSync(fd)
  }
  return bytes
}

function checkLength(answer: HttpAnswer, received: number, url: string): void {
  const announced = Number(answer.headers['content-length'] ?? Number.NaN)
  if (Number.isFinite(announced) && announced !== received) {
    throw new AdvisoryFault('unreachable', `${url} ended after ${received} of ${announced} bytes`, {
      retryable: true,
    })
  }
}

async function ask(
  downloads: Downloads,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<HttpAnswer> {
  return await downloads.fetch(url, {
    // Lengths and ranges count the bytes as stored; archives are packed already.
    headers: { 'accept-encoding': 'identity', ...headers },
    ...(downloads.signal ? { signal: downloads.signal } : {}),
  })
}

function partOf(path: string, url: string): { bytes: number; etag: string } | undefined {
  try {
    const bytes = statSync(path).size
    const noted = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as Record<string, unknown>
    if (bytes === 0 || noted['url'] !== url || typeof noted['etag'] !== 'string') return undefined
    return { bytes, etag: noted['etag'] }
  } catch {
    return undefined
  }
}

/** Removes a download that was used or is of no use. */
export function forget(path: string): void {
  rmSync(path, { force: true })
  rmSync(`${path}.json`, { force: true })
}

/** Removes parts that nobody came back for. */
export function forgetOlder(folder: string, milliseconds: number): void {
  let names: string[] = []
  try {
    names = readdirSync(folder)
  } catch {
    return
  }
  for (const name of names) {
    const path = join(folder, name)
    if ((statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? milliseconds) < milliseconds)
      rmSync(path, { force: true })
  }
}

function stopped(url: string): AdvisoryFault {
  return new AdvisoryFault(
    'cancelled',
    `Stopped while fetching ${url}; what was fetched is continued next time`,
  )
}
