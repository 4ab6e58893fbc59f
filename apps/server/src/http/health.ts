import type { Metrics } from '../telemetry/metrics.ts'
import type { App } from './app.ts'
import { send } from './reply.ts'

/** One thing that must be so before requests are let in. */
export interface ReadinessCheck {
  readonly name: string
  /** Rejects, or says why not. */
  readonly check: () => Promise<string | undefined>
}

export interface Readiness {
  /** From now on not ready: requests under way are finished, new ones should go elsewhere. */
  drain(): void
}

/** Milliseconds that a readiness check may take. */
const patience = 900

/** `/healthz`: the process answers. `/readyz`: it can do its work. `/metrics`: what Prometheus reads. */
export function serveHealth(
  app: App,
  ports: { readonly metrics: Metrics; readonly checks: readonly ReadinessCheck[] },
): Readiness {
  const { metrics, checks } = ports
  let draining = false
  let asking: Promise<readonly (readonly [name: string, problem: string | undefined])[]> | undefined
  const json = () => ['Content-Type', 'application/json', 'Cache-Control', 'no-store']

  app.get('/healthz', async (_, reply) => send(reply, 200, json(), '{"status":"ok"}'))
  app.get('/readyz', async (_, reply) => {
    // However many ask at a time, each thing is looked at once.
    asking ??= Promise.all(checks.map(async ({ name, check }) => [name, await ask(check)] as const)).finally(
      () => {
        asking = undefined
      },
    )
    const answers = await asking
    const problems = answers.filter(([, problem]) => problem !== undefined)
    if (draining) problems.unshift(['shutdown', 'the server is going down'])
    const body = {
      status: problems.length === 0 ? 'ok' : 'not ready',
      checks: Object.fromEntries(answers.map(([name, problem]) => [name, problem ?? 'ok'])),
      ...(draining ? { draining } : {}),
    }
    send(reply, problems.length === 0 ? 200 : 503, json(), JSON.stringify(body))
  })
  app.get('/metrics', async (_, reply) => {
    const text = await metrics.print()
    send(reply, 200, ['Content-Type', metrics.contentType, 'Cache-Control', 'no-store'], text)
  })
  return {
    drain: () => {
      draining = true
    },
  }
}

/** Why not; never an error's own words, which may tell where the database is. */
async function ask(check: ReadinessCheck['check']): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, patience, 'no answer in time')
  })
  try {
    return await Promise.race([check(), late])
  } catch {
    return 'failed'
  } finally {
    clearTimeout(timer)
  }
}
