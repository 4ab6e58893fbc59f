import { AdvisoryFault, messageOf } from '../fault.ts'
import type { RecordOrRefusal } from '../sources/osv/index.ts'
import type { Refusal } from '../sources/source.ts'
import { type BuiltSegment, buildSegment, commit, readableManifest } from '../store/commit.ts'
import type { WriterLock } from '../store/lock.ts'
import type { SegmentEntry, SourceState } from '../store/manifest.ts'
import { type OpenStore, openSegments } from '../store/open.ts'
import { breathing } from './breath.ts'
import { Compiler } from './compiler.ts'
import { buildCveFacts, type CveInput } from './cve-facts.ts'
import type { RebuildReport, SourceReport } from './rebuild-report.ts'

/** One source to be taken as a whole: what it has replaces what the store had of it. */
export interface SourceInput {
  /** `osv/npm`, `debian-tracker`, `redhat-vex`. */
  readonly source: string
  readonly records: () => Iterable<RecordOrRefusal> | AsyncIterable<RecordOrRefusal>
  /** What to remember of it; counts are filled in. */
  readonly state: Omit<SourceState, 'records' | 'newest'>
  /** Packed bytes, to judge how finely the work must be cut. */
  readonly bytes: number
}

/** Told now and then while a store is written; `records` counts those of the source, or all. */
export interface RebuildProgress {
  readonly phase: 'reading' | 'writing'
  readonly source?: string
  readonly records: number
}

export interface RebuildOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (progress: RebuildProgress) => void
}

const namedRefusals = 20
/** Archives inflate some eightfold; a partition should then hold about 16 MB. */
const packedPerPartition = 2 << 20

/** Compiles sources and what the store has besides them into a new base, and puts it in place. */
export async function rebuild(
  folder: string,
  lock: WriterLock,
  inputs: readonly SourceInput[],
  cves: CveInput,
  options: RebuildOptions = {},
): Promise<RebuildReport> {
  const old = openReadable(folder)
  if (inputs.length === 0 && (cves.epss || cves.kev)) return await replaceFacts(folder, lock, cves, old)
  const bytes = inputs.reduce((sum, input) => sum + input.bytes, baseBytes(old) / 2)
  const partitions = Math.min(128, Math.max(4, Math.ceil(bytes / packedPerPartition)))
  const compiler = new Compiler(lock.workFolder, partitions, options.signal)
  try {
    const facts = await buildCveFacts(lock, cves, old)
    const readings: SourceReading[] = []
    for (const input of inputs) readings.push(await readSource(input, compiler, options))
    const taken = readings.filter((reading) => reading.failed === undefined)
    if (inputs.length > 0 && taken.length === 0 && facts.built === undefined)
      throw nothingFound(readings, facts.reports)
    if (old) await compiler.addStore(old, new Set(taken.map(({ input }) => input.source)))
    options.onProgress?.({ phase: 'writing', records: 0 })
    let counted = { records: 0, entries: 0 }
    const base = await buildSegment(lock.workFolder, 'base', async (writer) => {
      counted = await compiler.write(writer)
      return counted.records
    })
    const built: BuiltSegment[] = facts.built ? [base, facts.built] : [base]
    const segments: SegmentEntry[] = facts.entry ? [base.entry, facts.entry] : [base.entry]
    const sources = statesOf(compiler, old, taken, facts.states)
    if (options.signal?.aborted) throw new AdvisoryFault('cancelled', 'Stopped; the store is as it was')
    const manifest = commit(folder, built, segments, sources)
    return {
      revision: manifest.revision,
      ...counted,
      bytes: segments.reduce((sum, segment) => sum + segment.bytes, 0),
      sources: [...readings.map((reading) => reportOf(reading, compiler)), ...facts.reports],
    }
  } finally {
    compiler.close()
    old?.close()
  }
}

/** EPSS comes every day, KEV now and then: neither touches the advisories. */
async function replaceFacts(
  folder: string,
  lock: WriterLock,
  cves: CveInput,
  old: OpenStore | undefined,
): Promise<RebuildReport> {
  try {
    const facts = await buildCveFacts(lock, cves, old)
    if (!facts.built) throw nothingFound([], facts.reports)
    const others = old?.manifest.segments.filter((segment) => segment.kind !== 'cves') ?? []
    const segments = [...others, facts.built.entry]
    const states = { ...old?.manifest.sources, ...facts.states }
    const { revision } = commit(folder, [facts.built], segments, states)
    const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0)
    const records = others.reduce((sum, segment) => sum + segment.records, 0)
    return { revision, records, entries: 0, bytes, sources: facts.reports }
  } finally {
    old?.close()
  }
}

interface SourceReading {
  readonly input: SourceInput
  readonly refused: number
  readonly refusals: readonly Refusal[]
  readonly failed?: string
}

async function readSource(
  input: SourceInput,
  compiler: Compiler,
  options: RebuildOptions,
): Promise<SourceReading> {
  const breathe = breathing(options.signal)
  const refusals: Refusal[] = []
  let refused = 0
  let records = 0
  const finish = (failed?: string): SourceReading => ({
    input,
    refused,
    refusals,
    ...(failed ? { failed } : {}),
  })
  try {
    for await (const item of eachOf(input.records())) {
      await breathe()
      if ('problem' in item) {
        refused++
        if (refusals.length < namedRefusals) refusals.push(item)
        continue
      }
      compiler.add(input.source, item.record, item.affected)
      if (++records % 1_000 === 0) options.onProgress?.({ phase: 'reading', source: input.source, records })
    }
  } catch (error) {
    if (error instanceof AdvisoryFault && error.code === 'cancelled') throw error
    return finish(messageOf(error))
  }
  options.onProgress?.({ phase: 'reading', source: input.source, records })
  return records === 0
    ? finish(refused > 0 ? 'none of its records could be read' : 'it holds no records')
    : finish()
}

/** Awaiting each of a million values costs more than the values; only real promises are awaited. */
async function* eachOf(
  records: Iterable<RecordOrRefusal> | AsyncIterable<RecordOrRefusal>,
): AsyncGenerator<RecordOrRefusal> {
  yield* records
}

function nothingFound(readings: readonly SourceReading[], facts: readonly SourceReport[]): AdvisoryFault {
  const failures = [...readings.map(({ input, failed }) => ({ source: input.source, failed })), ...facts]
  const reasons = failures.slice(0, 5).map(({ source, failed }) => `${source}: ${failed}`)
  const why = reasons.length > 0 ? ` (${reasons.join('; ')})` : ''
  return new AdvisoryFault('nothing-found', `There was no advisory to take${why}; the store is as it was`)
}

function openReadable(folder: string): OpenStore | undefined {
  if (readableManifest(folder) === undefined) return undefined
  try {
    return openSegments(folder)
  } catch (error) {
    // A damaged store cannot be carried over; it is replaced by what is whole.
    if (error instanceof AdvisoryFault) return undefined
    throw error
  }
}

function baseBytes(store: OpenStore | undefined): number {
  return (
    store?.manifest.segments.reduce((sum, { kind, bytes }) => sum + (kind === 'cves' ? 0 : bytes), 0) ?? 0
  )
}

function statesOf(
  compiler: Compiler,
  old: OpenStore | undefined,
  taken: readonly SourceReading[],
  cves: Readonly<Record<string, SourceState>>,
): Record<string, SourceState> {
  const states = new Map<string, SourceState>(Object.entries(old?.manifest.sources ?? {}))
  for (const { input } of taken) states.set(input.source, { ...input.state, records: 0 })
  for (const [source, state] of states) {
    const tally = compiler.tallies.get(source)
    const { newest: _, ...rest } = state
    if (source === 'epss' || source === 'kev') continue
    states.set(source, {
      ...rest,
      records: tally?.records ?? 0,
      ...(tally?.newest ? { newest: tally.newest } : {}),
    })
  }
  for (const [source, state] of Object.entries(cves)) states.set(source, state)
  return Object.fromEntries([...states].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function reportOf({ input, refused, refusals, failed }: SourceReading, compiler: Compiler): SourceReport {
  const tally = compiler.tallies.get(input.source)
  return {
    source: input.source,
    records: tally?.records ?? 0,
    withdrawn: tally?.withdrawn ?? 0,
    refused,
    refusals,
    ...(failed ? { failed } : {}),
  }
}
