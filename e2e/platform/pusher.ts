import { createHash } from 'node:crypto'
import type { BuiltImage } from '../../packages/testkit/src/index.ts'
import type { Random } from './random.ts'

/** Where pushes go; it changes when the server is started anew. */
export interface Target {
  url: string
  readonly authorization: string
}

/** What the registry took responsibility for, by the name that it was given under. */
export class Ledger {
  /** `repository digest` -> bytes. */
  readonly blobs = new Map<string, Buffer>()
  /** `repository digest` -> bytes. */
  readonly manifests = new Map<string, Buffer>()
  /** `repository tag` -> digests of which one must be there: the acknowledged one, or a later one whose answer was lost. */
  readonly tags = new Map<string, Set<string>>()
}

/** The server could not be asked, or said that it cannot help itself. */
class Interrupted extends Error {}

/** Pushes one image after the other into its own repository until told to stop. */
export async function pushOn(
  target: Target,
  repository: string,
  options: {
    readonly images: () => BuiltImage
    readonly random: Random
    readonly ledger: Ledger
    readonly stopped: () => boolean
    readonly pushed: () => void
  },
): Promise<void> {
  const { images, random, ledger, stopped, pushed } = options
  for (let count = 0; !stopped(); count++) {
    const built = images()
    const tags = [`v${count}`, 'latest']
    // An interrupted push is taken up again as clients do, or given up.
    for (let attempt = 0; !stopped() && attempt < 200; attempt++) {
      try {
        await pushImage(target, repository, built, tags, random, ledger)
        pushed()
        break
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error
        if (random.below(4) === 0) break
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
  }
}

async function pushImage(
  target: Target,
  repository: string,
  built: BuiltImage,
  tags: readonly string[],
  random: Random,
  ledger: Ledger,
): Promise<void> {
  const { manifest, digest } = built
  for (const [each, bytes] of built.blobs) {
    if (each === digest) continue
    const there = await ask(target, 'HEAD', `/v2/${repository}/blobs/${each}`)
    if (there.status !== 200) await pushBlob(target, repository, bytes, random)
    ledger.blobs.set(`${repository} ${each}`, bytes)
  }
  for (const tag of tags) {
    const name = `${repository} ${tag}`
    const possible = ledger.tags.get(name)
    // From now on it may be there, but the one before may be as well.
    possible?.add(digest)
    const { status, text } = await ask(target, 'PUT', `/v2/${repository}/manifests/${tag}`, manifest, {
      'Content-Type': 'application/vnd.oci.image.manifest.v1+json',
    })
    if (status !== 201) throw new Error(`PUT of ${name} was answered with ${status}: ${text}`)
    ledger.tags.set(name, new Set([digest]))
    ledger.manifests.set(`${repository} ${digest}`, manifest)
  }
}

/** In one request, in two, or in chunks. */
async function pushBlob(target: Target, repository: string, bytes: Buffer, random: Random): Promise<void> {
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  const uploads = `/v2/${repository}/blobs/uploads/`
  const way = random.below(3)
  if (way === 0) {
    const whole = await ask(target, 'POST', `${uploads}?digest=${digest}`, bytes)
    expect(whole, 201, 'a blob in one request')
    return
  }
  let at = located(expect(await ask(target, 'POST', uploads), 202, 'an upload'))
  let sent = 0
  if (way === 2) {
    sent = random.below(bytes.length)
    at = located(expect(await ask(target, 'PATCH', at, bytes.subarray(0, sent)), 202, 'a chunk'))
  }
  const last = `${at}${at.includes('?') ? '&' : '?'}digest=${digest}`
  expect(await ask(target, 'PUT', last, bytes.subarray(sent)), 201, 'the end of an upload')
}

interface Answer {
  readonly status: number
  readonly text: string
  readonly location: string | null
}

function expect(answer: Answer, status: number, what: string): Answer {
  // An upload that began on a server that is gone may be unknown: that, a client begins anew.
  if (answer.status === 404 || answer.status === 416) throw new Interrupted(answer.text)
  if (answer.status !== status) throw new Error(`${what} was answered with ${answer.status}: ${answer.text}`)
  return answer
}

function located({ location }: Answer): string {
  if (location === null) throw new Error('an upload without a location')
  const { pathname, search } = new URL(location, 'http://any')
  return pathname + search
}

async function ask(
  target: Target,
  method: string,
  path: string,
  body?: Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  let answer: Answer
  try {
    const response = await fetch(new URL(path, target.url), {
      method,
      headers: { Authorization: target.authorization, ...headers },
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
      signal: AbortSignal.timeout(30_000),
    })
    answer = {
      status: response.status,
      text: await response.text(),
      location: response.headers.get('Location'),
    }
  } catch (error) {
    if ((error as Error).name === 'TimeoutError') throw new Error(`${method} ${path} got no answer in 30 s`)
    throw new Interrupted(String(error))
  }
  if (answer.status >= 500) throw new Interrupted(answer.text)
  return answer
}
