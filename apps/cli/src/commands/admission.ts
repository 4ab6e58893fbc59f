import { LannerClient } from '@lanner/sdk'
import { CertificateWatch, endOfCertificate, readCertificate } from '../admission/certificate.ts'
import { AdmissionMetrics } from '../admission/metrics.ts'
import { rememberedVerdicts } from '../admission/remembered-verdicts.ts'
import { startAdmissionServer } from '../admission/server.ts'
import { admissionOptions, admissionSettings } from '../admission/settings.ts'
import { VerdictCache } from '../admission/verdict-cache.ts'
import { platformVerdicts } from '../admission/verdict-source.ts'
import { type Log, webhook } from '../admission/webhook.ts'
import type { Command, CommandCall, Terminal } from '../command.ts'
import { connectionOf, connectionOptions, trust } from '../connection.ts'
import { type ExitCode, exitCodes, UsageError } from '../exit.ts'

/** Milliseconds between looks at the certificate's files. */
const lookEvery = 5000

export const admission: Command = {
  path: 'admission',
  summary: 'Serve an admission webhook: Kubernetes runs what policies let pass.',
  usage: 'admission [OPTIONS]',
  description: [
    'Answers AdmissionReview requests (admission.k8s.io/v1) at POST /validate over HTTPS. Every image of a pod, of what makes pods, and of an ephemeral container is asked about at the platform; the object is denied if one of them may not pass, with the policy, the rule and the findings that decided.',
    'Images that an update does not bring are not judged again, so that what runs can be scaled. Alerts of policies become warnings. An image that is not assessed is decided by a policy where one asks for its name and assessment, else by --unassessed.',
    'Sign in with LANNER_CLIENT_ID and LANNER_CLIENT_SECRET; the client needs the scope lanner-verdicts:read and no other. /healthz, /readyz and /metrics are on the same port. Manifests are in deploy/kubernetes.',
  ],
  options: { ...admissionOptions, ...connectionOptions },
  examples: [
    [
      'admission --url https://lanner.example.com --tls-cert tls.crt --tls-key tls.key',
      'Deny what policies deny, and what is not assessed.',
    ],
    [
      'admission --tls-cert tls.crt --tls-key tls.key --dry-run --exempt-namespace monitoring',
      'Only warn, and let one namespace alone.',
    ],
  ],
  run: runAdmission,
}

async function runAdmission(call: CommandCall): Promise<ExitCode> {
  const { positionals, options, terminal, signal, version } = call
  if (positionals.length > 0)
    throw new UsageError(`admission takes no arguments: ${positionals.join(' ')}`, 'admission')
  const settings = admissionSettings(options)
  const certificate = await readCertificate(settings.certificate)
  const { url, clientId, clientSecret } = connectionOf(call, 'admission')
  trust(call, 'admission', url)
  const client = clientOf({ url, clientId, clientSecret, version, timeout: settings.timeout })
  const metrics = new AdmissionMetrics()
  const log = logTo(terminal)
  const { architecture } = settings
  const verdicts = rememberedVerdicts({
    source: platformVerdicts(client, architecture === undefined ? {} : { architecture }),
    cache: new VerdictCache({ seconds: settings.cacheSeconds, clock: Date.now }),
    metrics,
    timeout: settings.timeout,
  })
  const server = await startAdmissionServer({
    listen: settings.listen,
    certificate,
    webhook: webhook({
      verdicts,
      gate: settings.gate,
      question: settings.question,
      aliases: new Map([[hostOf(url), ''], ...settings.aliases]),
      metrics,
      log,
    }),
    metrics,
    log,
    timeout: settings.timeout,
    platformProblem: () => verdicts.problem,
  })
  const watch = new CertificateWatch(settings.certificate, certificate, {
    changed: (next) => {
      server.useCertificate(next)
      log('another certificate is in use', { until: endOfCertificate(next).toISOString() })
    },
    failed: (problem) => log('the certificate cannot be read again', { problem }),
  })
  const timer = setInterval(() => void watch.look(), lookEvery)
  const say = (line: string): void => void terminal.err.write(`lanner: ${line}\n`)
  try {
    say(`ready at ${server.url}`)
    await ended(signal)
    say('stopping; what is under way may end')
    server.drain()
    await pause(settings.drain)
  } finally {
    clearInterval(timer)
    await server.close(settings.timeout + 1000)
  }
  return exitCodes.pass
}

function clientOf({
  url,
  version,
  ...options
}: {
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  readonly version: string
  readonly timeout: number
}): LannerClient {
  try {
    return new LannerClient({
      ...options,
      baseUrl: url,
      userAgent: `lanner-admission/${version}`,
      // A review waits for seconds only.
      retries: 2,
      backoff: 100,
      longestWait: 1000,
      maxBytes: 4 * 1024 * 1024,
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), 'admission')
  }
}

/** The server's name, under which images are pulled that were pushed to it. */
function hostOf(url: string): string {
  return URL.parse(url)?.host ?? ''
}

/** JSON lines, as the server writes them. */
function logTo({ err }: Terminal): Log {
  return (message, fields) => {
    const time = new Date().toISOString()
    err.write(`${JSON.stringify({ time, message, ...fields })}\n`)
  }
}

function ended(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
