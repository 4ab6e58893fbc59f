import { setTimeout as after } from 'node:timers/promises'
import { output } from '../process.ts'
import { newFolder } from '../suite.ts'
import { signIn } from './api.ts'
import type { Platform } from './platform.ts'

/** What a step of a pipeline said and did. */
export interface Gate {
  readonly exit: number
  /** Status of every question, in their order. */
  readonly asked: readonly number[]
  readonly score: number
  readonly warnings: readonly string[]
}

interface ScanReport {
  readonly Vulnerabilities: readonly { readonly Vulnerability: Readonly<Record<string, unknown>> }[] | null
  readonly Detections: readonly { readonly Detection: { readonly Type: string } }[] | null
}

const points: Readonly<Record<string, number>> = { low: 20, medium: 100, high: 500, critical: 2000 }

/** Logs in, pushes under the server's name, and asks for the report until there is one. */
async function pushAndWait(platform: Platform, layout: string, repository: string, tag: string) {
  const { host, credentials } = platform
  const login = `${newFolder('login')}/auth.json`
  await output(
    'skopeo',
    [
      ...['login', '--tls-verify=false', `--authfile=${login}`],
      ...['--username', credentials.client_id, '--password-stdin', host],
    ],
    { input: credentials.client_secret },
  )
  const target = `docker://${host}/${repository}:${tag}`
  const push = ['--insecure-policy', 'copy', '--quiet', '--dest-tls-verify=false', `--authfile=${login}`]
  await output('skopeo', [...push, `oci:${layout}:${tag}`, target])
  const api = await signIn(platform.url, credentials)
  const asked: number[] = []
  let said = ''
  for (let attempt = 0; attempt < 100; attempt++) {
    const { status, body, text } = await api.call('GET', '/reports', { query: { repository, tag } })
    asked.push(status)
    said = text
    // Whatever is not 200 means that it is not ready.
    if (status === 200) return { api, asked, report: body as ScanReport }
    await after(200)
  }
  throw new Error(`no report after ${asked.length} questions, the last answered with ${said}`)
}

/** As the vendor's scanning script does it (version 2.4.1): a score of the findings decides. */
export async function scanImage(
  platform: Platform,
  layout: string,
  repository: string,
  tag: string,
  threshold = 500,
): Promise<Gate> {
  const { asked, report } = await pushAndWait(platform, layout, repository, tag)
  if (!('Vulnerabilities' in report && 'Detections' in report)) throw new Error('the report lacks a list')
  let score = 0
  for (const { Vulnerability } of report.Vulnerabilities ?? []) {
    if (typeof Vulnerability['Product'] !== 'object') throw new Error('a finding without a product')
    score += points[severityOf(Vulnerability['Details'] as Details)] ?? 0
  }
  const types = (report.Detections ?? []).map(({ Detection }) => Detection.Type.toLowerCase())
  const exit = types.includes('secret') ? 3 : types.includes('malware') ? 2 : score >= threshold ? 1 : 0
  return {
    exit,
    asked,
    score,
    warnings: types.filter((type) => type === 'misconfiguration' || type === 'cis'),
  }
}

interface Details {
  readonly severity?: string
  readonly cvss_v3_score?: { readonly severity: string }
  readonly cvss_v2_score?: { readonly severity: string }
}

/** The script reads the scores only where the severity is missing, and falls over one that is null. */
function severityOf({ severity, cvss_v3_score, cvss_v2_score }: Details): string {
  return (severity || (cvss_v3_score?.severity ?? cvss_v2_score?.severity ?? '')).toLowerCase()
}

/** As the vendor's Jenkins plugin does it: one question for the verdict, which has to be answered at once. */
export async function buildStep(
  platform: Platform,
  layout: string,
  repository: string,
  tag: string,
): Promise<Gate> {
  const { api, asked, report } = await pushAndWait(platform, layout, repository, tag)
  for (const { Vulnerability } of report.Vulnerabilities ?? []) {
    const details = Vulnerability['Details'] as Details | undefined
    if (details && details.severity === null) throw new Error('a finding without a severity')
  }
  const { status, body } = await api.call('GET', '/policy-checks', { query: { repository, tag } })
  const verdict = body?.resources?.[0]
  // The plugin takes errors for text.
  if (status !== 200 || body.errors.length > 0)
    return { exit: 10, asked: [...asked, status], score: 0, warnings: [] }
  const warnings = verdict.action === 'alert' ? [String(verdict.policy.name)] : []
  const exit = verdict.deny === true && verdict.action === 'block' ? 1 : 0
  return { exit, asked: [...asked, status], score: 0, warnings }
}
