import type { AdvisoryStatus, LannerClient, ServerStatus } from '@lanner/sdk'
import type { CommandCall } from '../command.ts'
import { connect, connectionOf, failureText, trust } from '../connection.ts'
import { counted } from '../output/text.ts'
import { type Check, failed, ok, skipped, warning, wordsOf } from './check.ts'

/** What a server says of itself, and what is to be said of that. */
export interface Served {
  readonly checks: readonly Check[]
  readonly running: boolean
  readonly status?: ServerStatus
}

/** Milliseconds that an answer may take. */
const patience = 5000
/** Seconds that two clocks may differ. */
const tolerance = 60

/** Asks the server whether it lives, is ready, and how it stands. */
export async function checkServer(call: CommandCall): Promise<Served> {
  let url: string
  let client: LannerClient
  try {
    url = connectionOf(call, 'doctor').url.replace(/\/+$/, '')
    trust(call, 'doctor', url)
    client = connect(call, 'doctor')
  } catch (error) {
    return {
      running: false,
      checks: [
        failed('server', wordsOf(error), 'Start one (`lanner serve`), or say where it is and who you are.'),
      ],
    }
  }
  const alive = await ask(`${url}/healthz`)
  if ('error' in alive)
    return {
      running: false,
      checks: [
        failed(
          'server',
          `${url} does not answer: ${alive.error}`,
          'Start it (`lanner serve`), or name another --url.',
        ),
        skipped('advisories', 'the server does not answer'),
      ],
    }
  const checks = [await checkReady(url), checkClock(alive.date)]
  const status = await client.command('GetServerStatus', { signal: call.signal })
  if (!status.ok) {
    const what = failureText('signing in', status)
    checks.push(failed('sign-in', what, 'Use credentials of this server with the scope lanner-status:read.'))
    return { running: true, checks }
  }
  const [facts] = status.body.resources
  checks.push(ok('sign-in', `account ${facts?.cid}`), ...(facts ? [checkJobs(facts)] : []))
  const advisories = await client.command('GetAdvisoryStatus', { signal: call.signal })
  checks.push(
    advisories.ok && advisories.body.resources[0]
      ? checkAdvisories(advisories.body.resources[0])
      : skipped('advisories', 'the server does not tell'),
  )
  return { running: true, checks, ...(facts ? { status: facts } : {}) }
}

type Asked =
  | { readonly status: number; readonly text: string; readonly date: string | null }
  | { readonly error: string }

async function ask(url: string): Promise<Asked> {
  try {
    const answer = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(patience) })
    const text = (await answer.text()).slice(0, 10_000)
    return { status: answer.status, text, date: answer.headers.get('date') }
  } catch (error) {
    const { cause } = error as { cause?: { message?: string; code?: string } }
    return { error: cause?.message || cause?.code || wordsOf(error) }
  }
}

async function checkReady(url: string): Promise<Check> {
  const answer = await ask(`${url}/readyz`)
  if ('error' in answer) return failed('server', `${url} lives but ${answer.error}`, 'Look into its log.')
  if (answer.status === 200) return ok('server', `${url} is ready`)
  return failed(
    'server',
    `${url} lives but is not ready: ${answer.text}`,
    'Look into its log; a database that starts takes a moment.',
  )
}

/** Tokens, schedules and policies go by the clock. RFC 9110, 6.6.1: Date has whole seconds. */
function checkClock(date: string | null): Check {
  const theirs = Date.parse(date ?? '')
  if (Number.isNaN(theirs)) return skipped('clock', 'the server states no date')
  const seconds = Math.round(Math.abs(Date.now() - theirs) / 1000)
  return seconds <= tolerance
    ? ok('clock', `${new Date().toISOString()}, as the server has it`)
    : failed('clock', `this machine and the server differ by ${seconds} seconds`, 'Set the clocks (NTP).')
}

function checkJobs({ version, jobs, images, storage }: ServerStatus): Check {
  const pending = images.pending > 0 ? `, ${counted(images.pending, 'image')} to be assessed` : ''
  const facts = `version ${version}, ${counted(jobs.waiting, 'job')} waiting, ${jobs.running} running${pending}`
  if (storage.quota !== null && storage.bytes > storage.quota * 0.95)
    return warning('work', `${facts}; the quota is nearly used up`, 'Delete images, or raise LANNER_QUOTA.')
  return jobs.failed > 0
    ? warning(
        'work',
        `${facts}; ${counted(jobs.failed, 'job')} failed within a day`,
        'See why: lanner api ListJobs --param state=failed',
      )
    : ok('work', facts)
}

function checkAdvisories({ state, changed_at, applied, sources }: AdvisoryStatus): Check {
  const name = 'advisories'
  const changed = changed_at === null ? 'never' : changed_at
  if (state === 'none')
    return failed(
      name,
      'there are none: no image can be assessed',
      'The server fetches them by itself; offline, import a folder (`lanner api ImportAdvisories`).',
    )
  if (sources.length === 0)
    return warning(name, 'the first are being fetched', 'Wait: images are assessed once they are there.')
  const stale = sources.filter((source) => source.stale)
  if (state === 'stale' || stale.length > 0)
    return warning(
      name,
      `${counted(stale.length, 'source')} of ${sources.length} were not asked for long: ${stale
        .slice(0, 5)
        .map(({ source }) => source)
        .join(', ')}`,
      'Bring them up to date: lanner api UpdateAdvisories, or ImportAdvisories where there is no network.',
    )
  return ok(
    name,
    `${counted(sources.length, 'source')}, ${state === 'updating' ? 'being updated' : 'current'}, last changed ${changed}${applied ? '' : ', being applied'}`,
  )
}
