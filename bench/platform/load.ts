/**
 * Sends requests from a process of its own: at a constant rate, whether answers come or not (each latency counts from when
 * its request was due), or as fast as so many connections get answers. Started by `load` with the work as a message.
 */
import { fork } from 'node:child_process'
import { Agent, request as send } from 'node:http'

export interface Call {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface LoadOrder {
  readonly url: string
  /** Sent in turn. */
  readonly calls: readonly Call[]
  /** Requests a second; or connections that send one after the other. */
  readonly pace: { readonly perSecond: number } | { readonly connections: number }
  readonly seconds: number
  /** Seconds before that, which do not count. */
  readonly warmUp: number
  /** The status that every answer has. */
  readonly status: number
}

export interface LoadResult {
  /** Milliseconds of each request, as far as they count. */
  readonly latencies: readonly number[]
  readonly seconds: number
  /** Answers with another status, or none, with an example. */
  readonly failed: number
  readonly example?: string
  /** Bytes of the bodies. */
  readonly bytes: number
}

/** Has a process of its own send the requests. */
export function load(order: LoadOrder): Promise<LoadResult> {
  const child = fork(import.meta.filename, { execArgv: [] })
  return new Promise((resolve, reject) => {
    child.on('message', (result) => {
      resolve(result as LoadResult)
      child.disconnect()
    })
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`the generator of requests ended with ${code}`)))
    child.send(order)
  })
}

/** The value below which the given share of the latencies lies. */
export function percentile(latencies: readonly number[], share: number): number {
  const sorted = [...latencies].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const { url, calls, pace, seconds, warmUp, status } = order
  const agent = new Agent({ keepAlive: true, maxSockets: 512, scheduling: 'lifo' })
  const latencies: number[] = []
  let failed = 0
  let bytes = 0
  let example: string | undefined
  let next = 0
  const countFrom = performance.now() + warmUp * 1000
  const until = countFrom + seconds * 1000

  function one(due: number): Promise<void> {
    const { method = 'GET', path, headers, body } = calls[next++ % calls.length]
    return new Promise((done) => {
      const end = (answered: number | undefined, text: string) => {
        const now = performance.now()
        if (answered !== status) {
          failed++
          example ??= `${method} ${path}: ${answered ?? ''} ${text}`
        } else if (due >= countFrom) latencies.push(now - due)
        done()
      }
      const request = send(`${url}${path}`, { method, agent, headers }, (response) => {
        let start = ''
        response.on('data', (chunk: Buffer) => {
          if (start === '' && response.statusCode !== status) start = chunk.toString('utf8', 0, 300)
          if (due >= countFrom) bytes += chunk.length
        })
        response.on('end', () => end(response.statusCode, start))
        response.on('error', (error) => end(undefined, String(error)))
      })
      request.on('error', (error) => end(undefined, String(error)))
      request.end(body)
    })
  }

  if ('connections' in pace) {
    await Promise.all(
      Array.from({ length: pace.connections }, async () => {
        while (performance.now() < until) await one(performance.now())
      }),
    )
  } else {
    const under: Promise<void>[] = []
    const interval = 1000 / pace.perSecond
    for (let due = performance.now(); due < until; due += interval) {
      const wait = due - performance.now()
      if (wait > 0.5) await new Promise((resolve) => setTimeout(resolve, wait))
      under.push(one(due))
    }
    await Promise.all(under)
  }
  agent.destroy()
  return { latencies, seconds, failed, bytes, ...(example === undefined ? {} : { example }) }
}

if (process.argv[1] === import.meta.filename)
  process.on('message', (order) => void run(order as LoadOrder).then((result) => process.send?.(result)))
