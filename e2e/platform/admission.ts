import { spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { makeFakeCertificate } from '../../packages/testkit/src/index.ts'
import { launcher, newUser } from '../lanner.ts'
import { newFolder } from '../suite.ts'

/** The response of an AdmissionReview. */
export interface Response {
  readonly uid: string
  readonly allowed: boolean
  readonly status?: { readonly code: number; readonly reason: string; readonly message: string }
  readonly warnings?: readonly string[]
  readonly auditAnnotations: Readonly<Record<string, string>>
}

/** A running `lanner admission`. */
export interface Webhook {
  /** What the API server would be told of a pod with this image. */
  pod(image: string): Promise<Response>
  /** Ends it as Kubernetes does; gives the exit code. */
  stop(): Promise<number | string>
}

/** Starts the webhook as a process of its own, with a certificate made for it. */
export async function startWebhook(
  url: string,
  client: { readonly id: string; readonly secret: string },
  args: readonly string[] = [],
): Promise<Webhook> {
  const folder = newFolder('admission')
  const { certificate, key } = makeFakeCertificate()
  const [cert, secret] = [join(folder, 'tls.crt'), join(folder, 'tls.key')]
  writeFileSync(cert, certificate)
  writeFileSync(secret, key, { mode: 0o600 })
  const files = ['--tls-cert', cert, '--tls-key', secret]
  const child = spawn(
    process.execPath,
    [launcher, 'admission', '--listen', '127.0.0.1:0', '--drain', '0', ...files, ...args],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...newUser('webhook').environment,
        LANNER_URL: url,
        LANNER_CLIENT_ID: client.id,
        LANNER_CLIENT_SECRET: client.secret,
      },
    },
  )
  const said: string[] = []
  const ended = new Promise<number | string>((resolve) =>
    child.once('close', (code, signal) => resolve(signal ?? code ?? 'nothing')),
  )
  const address = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    void ended.then((how) => reject(new Error(`the webhook ended with ${how}:\n${said.join('\n')}`)))
    createInterface({ input: child.stderr }).on('line', (line) => {
      said.push(line)
      const ready = /^lanner: ready at (?<url>\S+)$/.exec(line)?.groups?.['url']
      if (ready !== undefined) resolve(ready)
    })
  })
  return {
    pod: (image) => ask(`${address}/validate?timeout=10s`, certificate, reviewOf(image)),
    async stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** What the API server sends when somebody creates a pod. */
function reviewOf(image: string): unknown {
  const kind = { group: '', version: 'v1', kind: 'Pod' }
  const resource = { group: '', version: 'v1', resource: 'pods' }
  return {
    kind: 'AdmissionReview',
    apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: 'e911857d-c318-11e8-bbad-025000000001',
      kind,
      resource,
      requestKind: kind,
      requestResource: resource,
      name: 'checkout',
      namespace: 'shop',
      operation: 'CREATE',
      userInfo: { username: 'alice@example.com', groups: ['system:authenticated'] },
      object: {
        kind: 'Pod',
        apiVersion: 'v1',
        metadata: { name: 'checkout', namespace: 'shop', creationTimestamp: null },
        spec: { containers: [{ name: 'app', image, resources: {}, imagePullPolicy: 'IfNotPresent' }] },
        status: {},
      },
      oldObject: null,
      dryRun: false,
      options: { kind: 'CreateOptions', apiVersion: 'meta.k8s.io/v1' },
    },
  }
}

function ask(url: string, ca: string, review: unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json' }
    const asked = request(url, { method: 'POST', ca, headers, agent: false }, (response) => {
      let text = ''
      response.on('data', (part: Buffer) => (text += part.toString()))
      response.on('end', () => {
        if (response.statusCode === 200) resolve(JSON.parse(text).response as Response)
        else reject(new Error(`the webhook answered with ${response.statusCode}: ${text}`))
      })
    })
    asked.on('error', reject)
    asked.end(JSON.stringify(review))
  })
}
