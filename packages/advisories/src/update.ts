import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { CveInput } from './compile/cve-facts.ts'
import { rebuild, type SourceInput } from './compile/rebuild.ts'
import type { RebuildReport } from './compile/rebuild-report.ts'
import { applyChanges, type RecordChange } from './delta.ts'
import { AdvisoryFault, messageOf } from './fault.ts'
import { readContent } from './sources/content.ts'
import { readTrackerDocument } from './sources/debian-tracker/records.ts'
import { readEpss } from './sources/epss/index.ts'
import { readKev } from './sources/kev/index.ts'
import { readOsvArchive } from './sources/osv/index.ts'
import { readVexArchive } from './sources/redhat-vex/documents.ts'
import { readableManifest } from './store/commit.ts'
import { lockForWriting, type WriterLock } from './store/lock.ts'
import type { SourceState } from './store/manifest.ts'
import { type Downloads, download, fetchSmall, forget, forgetOlder } from './update/download.ts'
import { httpsFetch } from './update/fetch.ts'
import { hoursSince, type Plan, planOsv } from './update/plan.ts'
import {
  feedAddresses,
  feedCaps,
  trackerAfterHours,
  type UpdatedSource,
  type UpdateOptions,
  type UpdateReport,
} from './update/settings.ts'
import { planVex } from './update/vex.ts'

/**
 * Brings the store in `into` up to date from the network: the first time whole archives, then only what changed; every source by
 * itself, so that one that cannot be had keeps its old copy and is reported. Downloads continue where they stopped.
 * Throws AdvisoryFault `busy`, `cancelled`, or `unreachable` when no source could be had at all.
 */
export async function updateAdvisories(into: string, options: UpdateOptions): Promise<UpdateReport> {
  using lock = lockForWriting(into)
  const now = options.now()
  const update = new Update(into, options, now)
  const states = readableManifest(into)?.sources ?? {}
  const base = options.baseUrl ?? feedAddresses.osv
  const ecosystems = options.ecosystems ?? (await update.listed(base, states))
  for (const ecosystem of ecosystems) {
    const source = `osv/${ecosystem}`
    await update.plan(source, () => planOsv(update.downloads, base, ecosystem, states[source], now))
  }
  const tracker = options.debianTrackerUrl ?? feedAddresses.debianTracker
  if (tracker !== false && ecosystems.includes('Debian'))
    await update.planTracker(tracker, states['debian-tracker'])
  const vex = options.redHatVexUrl
  if (vex) await update.plan('redhat-vex', () => planVex(update.downloads, vex, states['redhat-vex'], now))
  await update.planFacts('epss', options.epssUrl ?? feedAddresses.epss, feedCaps.epss, states['epss'])
  await update.planFacts('kev', options.kevUrl ?? feedAddresses.kev, feedCaps.kev, states['kev'])
  return await update.carryOut(lock)
}

interface Planned {
  readonly source: string
  readonly plan: Plan
}

class Update {
  readonly downloads: Downloads
  readonly #into: string
  readonly #options: UpdateOptions
  readonly #now: Date
  readonly #checked: string
  readonly #planned: Planned[] = []
  readonly #failed: UpdatedSource[] = []
  /** Why none of the files fetched could be read. */
  #unread: AdvisoryFault | undefined

  constructor(into: string, options: UpdateOptions, now: Date) {
    this.#into = into
    this.#options = options
    this.#now = now
    this.#checked = now.toISOString()
    forgetOlder(join(into, 'downloads'), now.getTime() - 7 * 24 * 3_600_000)
    this.downloads = {
      folder: join(into, 'downloads'),
      fetch: options.fetch ?? httpsFetch,
      wait:
        options.wait ??
        (async (milliseconds, signal) => delay(milliseconds, undefined, signal ? { signal } : {})),
      ...(options.signal ? { signal: options.signal } : {}),
      onBytes: (source, bytes, total) =>
        options.onProgress?.({ source, bytes, ...(total === undefined ? {} : { total }) }),
    }
  }

  /** The bucket's folders; without its list those that the store knows. */
  async listed(base: string, states: Readonly<Record<string, SourceState>>): Promise<string[]> {
    const known = Object.keys(states)
      .filter((source) => source.startsWith('osv/'))
      .map((source) => source.slice(4))
    try {
      const text = (await fetchSmall(this.downloads, `${base}/ecosystems.txt`, feedCaps.list)).toString()
      const names = text
        .split('\n')
        .map((line) => line.trim())
        .filter(isEcosystem)
      if (names.length === 0)
        throw new AdvisoryFault('malformed', `${base}/ecosystems.txt lists no ecosystem`)
      return names
    } catch (error) {
      this.#fail('osv', error)
      return known.filter(isEcosystem)
    }
  }

  async plan(source: string, make: () => Promise<Plan>): Promise<void> {
    try {
      this.#planned.push({ source, plan: await make() })
    } catch (error) {
      this.#fail(source, error)
    }
  }

  async planTracker(url: string, state: SourceState | undefined): Promise<void> {
    if (hoursSince(state?.checked, this.#now) < trackerAfterHours) return
    await this.plan('debian-tracker', () => this.#planFile('debian-tracker', url, feedCaps.tracker, state))
  }

  async planFacts(
    source: 'epss' | 'kev',
    url: string | false,
    cap: number,
    state: SourceState | undefined,
  ): Promise<void> {
    if (url !== false) await this.plan(source, () => this.#planFile(source, url, cap, state))
  }

  async carryOut(lock: WriterLock): Promise<UpdateReport> {
    if (this.#planned.length === 0) throw this.#nothing()
    const rebuilt = await this.#takeWhole(lock)
    if (this.#unread && this.#planned.every(({ plan }) => plan.kind === 'whole')) throw this.#unread
    const changes: RecordChange[] = []
    const states: Record<string, Partial<SourceState>> = {}
    for (const { source, plan } of this.#planned) {
      if (plan.kind === 'whole') continue
      // What is missing keeps the source's age, so that it shows.
      if (plan.kind === 'unchanged' || plan.seen !== undefined) states[source] = { checked: this.#checked }
      if (plan.kind !== 'changes') continue
      if (plan.seen !== undefined) states[source] = { checked: this.#checked, seen: plan.seen }
      if (plan.whole !== undefined) states[source] = { ...states[source], whole: plan.whole }
      for (const record of plan.records) changes.push({ ...record, sources: [source] })
    }
    const { signal } = this.#options
    const applied = await applyChanges(this.#into, lock, changes, states, {
      now: () => this.#now,
      ...(signal ? { signal } : {}),
    })
    return {
      revision: applied.revision,
      sources: [
        ...this.#planned.map((planned) => outcomeOf(planned, rebuilt, this.#unread)),
        ...this.#failed,
      ],
      changedKeys: this.#planned.some(isWholeSource) ? 'all' : applied.changedKeys,
      compactionDue: applied.compactionDue,
    }
  }

  async #planFile(source: string, url: string, cap: number, state: SourceState | undefined): Promise<Plan> {
    const file = await download(this.downloads, source, url, cap, state?.etag)
    return file === 'unchanged' ? { kind: 'unchanged' } : { kind: 'whole', file }
  }

  async #takeWhole(lock: WriterLock): Promise<RebuildReport | undefined> {
    const inputs: SourceInput[] = []
    let cves: CveInput = {}
    const files: string[] = []
    for (const { source, plan } of this.#planned) {
      if (plan.kind !== 'whole') continue
      const { path, bytes, etag } = plan.file
      files.push(path)
      const tag = etag ? { etag } : {}
      const state = {
        checked: this.#checked,
        whole: this.#checked,
        bytes,
        ...tag,
        ...(plan.seen ? { seen: plan.seen } : {}),
      }
      if (source === 'epss')
        cves = { ...cves, epss: { read: () => readEpss(readContent(path).toString()), state } }
      else if (source === 'kev')
        cves = { ...cves, kev: { read: () => readKev(JSON.parse(readContent(path).toString())), state } }
      else inputs.push({ source, state, bytes, records: () => recordsOf(source, path, this.#checked) })
    }
    if (files.length === 0) return undefined
    const { signal, onProgress } = this.#options
    try {
      return await rebuild(this.#into, lock, inputs, cves, {
        ...(signal ? { signal } : {}),
        ...(onProgress ? { onProgress } : {}),
      })
    } catch (error) {
      if (!(error instanceof AdvisoryFault) || error.code !== 'nothing-found') throw error
      this.#unread = error
      return undefined
    } finally {
      // A file that could not be read would only be found unreadable again.
      if (!signal?.aborted) for (const path of files) forget(path)
    }
  }

  #fail(source: string, error: unknown): void {
    if (error instanceof AdvisoryFault && error.code === 'cancelled') throw error
    this.#failed.push({ source, outcome: 'failed', message: messageOf(error) })
  }

  #nothing(): AdvisoryFault {
    const [first] = this.#failed
    const why = first ? `: ${first.message}` : ', none was named'
    return new AdvisoryFault(
      'unreachable',
      `No source of advisories could be had${why}; the store is as it was`,
      { retryable: true },
    )
  }
}

function recordsOf(source: string, path: string, checked: string) {
  if (source === 'debian-tracker') return readTrackerDocument(readContent(path), checked)
  return source === 'redhat-vex' ? readVexArchive(path) : readOsvArchive(path)
}

function isWholeSource({ source, plan }: Planned): boolean {
  return plan.kind === 'whole' && source !== 'epss' && source !== 'kev'
}

function outcomeOf(
  { source, plan }: Planned,
  rebuilt: RebuildReport | undefined,
  unread: AdvisoryFault | undefined,
): UpdatedSource {
  if (plan.kind === 'unchanged') return { source, outcome: 'unchanged' }
  if (plan.kind === 'changes') {
    const failed = plan.records.length === 0 && plan.message !== undefined
    return {
      source,
      outcome: failed ? 'failed' : 'changes',
      records: plan.records.length,
      ...(plan.message ? { message: plan.message } : {}),
    }
  }
  const report = rebuilt?.sources.find((entry) => entry.source === source)
  if (report === undefined || report.failed !== undefined) {
    const message = report?.failed ?? unread?.message
    return { source, outcome: 'failed', ...(message ? { message } : {}), ...(report ? { report } : {}) }
  }
  return { source, outcome: 'whole', records: report.records, report }
}

/** Folders with a release suffix are no longer written; `[EMPTY]` holds what names no package. */
function isEcosystem(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9 ._-]{0,80}$/.test(name)
}
