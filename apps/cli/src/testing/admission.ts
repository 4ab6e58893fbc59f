import { writeFile } from 'node:fs/promises'
import { type Agent, type RequestOptions, request } from 'node:https'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import type { TestContext } from 'node:test'
import { makeFakeCertificate, temporaryFolder } from '@lanner/testkit'
import { parseCommandLine } from '../command.ts'
import { admission } from '../commands/admission.ts'
import { readSettings } from '../settings.ts'
import { FakeTerminal } from './terminal.ts'

/** An answer of the webhook. */
export interface WebhookAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test says itself what it expects in there
  readonly body: any
}

/** A running `lanner admission`. */
export interface RunningAdmission {
  readonly url: string
  readonly folder: string
  readonly certificate: string
  /** POST /validate with the document. */
  review(document: unknown, path?: string): Promise<WebhookAnswer>
  ask(method: string, path: string, options?: AskOptions): Promise<WebhookAnswer>
  said(): string
  /** Ends it as SIGTERM does; gives the exit code. */
  stop(): Promise<number>
}

export interface AskOptions extends Pick<RequestOptions, 'cert' | 'key' | 'agent'> {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
  readonly ca?: string
}

/** Runs the command in this process, with a certificate made for it, against the platform; ended after the test. */
export async function startAdmission(
  t: Pick<TestContext, 'after'>,
  platform: { readonly url: string },
  args: readonly string[] = [],
): Promise<RunningAdmission> {
  const folder = await temporaryFolder()
  t.after(() => folder[Symbol.asyncDispose]())
  const { certificate, key } = makeFakeCertificate()
  const [cert, secret] = [join(folder.path, 'tls.crt'), join(folder.path, 'tls.key')]
  await Promise.all([writeFile(cert, certificate), writeFile(secret, key)])
  const controller = new AbortController()
  const terminal = new ListenedTerminal()
  const given = ['--tls-cert', cert, '--tls-key', secret, '--url', platform.url, '--listen', '127.0.0.1:0']
  const ended = admission.run({
    ...parseCommandLine(admission, [...given, '--drain', '0', ...args]),
    terminal,
    settings: readSettings({
      HOME: folder.path,
      LANNER_CLIENT_ID: 'id',
      LANNER_CLIENT_SECRET: 'secret',
      LANNER_DATA_DIR: folder.path,
    }),
    signal: controller.signal,
    version: '1.2.3',
  })
  const stop = async () => {
    controller.abort()
    return ended
  }
  t.after(stop)
  const url = await Promise.race([terminal.ready, ended.then(() => Promise.reject(new Error(terminal.talk)))])
  const ask = askAt(url, certificate)
  return {
    url,
    folder: folder.path,
    certificate,
    ask,
    review: (document, path = '/validate?timeout=10s') =>
      ask('POST', path, {
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(document),
      }),
    said: () => terminal.talk,
    stop,
  }
}

/** Asks over HTTPS, on a connection of its own unless an agent says otherwise. */
export function askAt(url: string, certificate: string): RunningAdmission['ask'] {
  return (method, path, options = {}) => send(new URL(path, url), method, { ca: certificate, ...options })
}

/** Tells when the command has said where it listens. */
class ListenedTerminal extends FakeTerminal {
  readonly ready: Promise<string>
  override readonly err: Writable

  constructor() {
    super()
    const { promise, resolve } = Promise.withResolvers<string>()
    this.ready = promise
    this.err = new Writable({
      write: (chunk: Buffer, _, done) => {
        this.talk += chunk.toString()
        const url = /^lanner: ready at (?<url>\S+)$/m.exec(this.talk)?.groups?.['url']
        if (url !== undefined) resolve(url)
        done()
      },
    })
  }
}

function send(url: URL, method: string, { body, headers, ...options }: AskOptions): Promise<WebhookAnswer> {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      { method, agent: false as unknown as Agent, ...options, headers: { ...headers } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parsed(text) })
        })
      },
    )
    asked.on('error', reject)
    asked.end(body)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
