import { readdirSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import type { CveInput } from './compile/cve-facts.ts'
import { type RebuildOptions, rebuild, type SourceInput } from './compile/rebuild.ts'
import type { RebuildReport } from './compile/rebuild-report.ts'
import { AdvisoryFault, systemCode } from './fault.ts'
import { readContent } from './sources/content.ts'
import { readTrackerDocument } from './sources/debian-tracker/records.ts'
import { readEpss } from './sources/epss/index.ts'
import { readKev } from './sources/kev/index.ts'
import { readOsvArchive, readOsvFolder } from './sources/osv/index.ts'
import { readVexFolder } from './sources/redhat-vex/documents.ts'
import { lockForWriting } from './store/lock.ts'

/** The clock that an import is dated by, and who hears of its progress. */
export interface ImportOptions extends RebuildOptions {
  /** The time that is recorded where a file's own is in the future; a function so that this package has no clock. */
  readonly now: () => Date
}

/** What the store holds now, source by source. */
export type ImportReport = RebuildReport

/** Folders that are no ecosystem of OSV. */
const natives = { epss: 'epss', kev: 'kev', tracker: 'debian-tracker', vex: 'redhat-vex' } as const

/**
 * Compiles a folder of feeds into the store in `into`: OSV as the public bucket lays it out (`<Ecosystem>/all.zip`, or
 * `<Ecosystem>/<ID>.json`), and beside it, in folders of any case or at the top, `EPSS/epss_scores-*.csv[.gz]`,
 * `KEV/known_exploited_vulnerabilities.json[.gz]`, `debian-tracker/*.json[.gz]`, `redhat-vex/` with VEX documents or
 * archives of them. The sources found replace the same sources in the store; others stay. The store is as it was until the
 * new one is whole, also when the process is killed. Broken records are counted and named in the report.
 * Throws AdvisoryFault `nothing-found`, `busy` or `cancelled`.
 */
export async function importAdvisories(
  from: string,
  into: string,
  options: ImportOptions,
): Promise<ImportReport> {
  const found = survey(from, options.now())
  if (found.inputs.length === 0 && !found.epss && !found.kev) {
    throw new AdvisoryFault(
      'nothing-found',
      `There are no advisories in ${from}: no <Ecosystem>/all.zip and no other feed`,
    )
  }
  using lock = lockForWriting(into)
  const cves: CveInput = {
    ...factsOf('epss', found.epss, (content) => readEpss(content.toString())),
    ...factsOf('kev', found.kev, (content) => readKev(JSON.parse(content.toString()))),
  }
  return await rebuild(into, lock, found.inputs, cves, options)
}

interface Found {
  readonly inputs: SourceInput[]
  epss?: SourceFile
  kev?: SourceFile
}

interface SourceFile {
  readonly path: string
  readonly name: string
  /** When the file was written, RFC 3339: the nearest we know to when the source was asked. */
  readonly checked: string
  readonly bytes: number
}

function survey(from: string, now: Date): Found {
  const found: Found = { inputs: [] }
  surveyFiles(found, from, now)
  for (const name of namesIn(from)) {
    const path = join(from, name)
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) continue
    const lower = name.toLowerCase()
    if (lower === natives.epss || lower === natives.kev) surveyFiles(found, path, now)
    else if (lower === natives.tracker) surveyTracker(found, path, now)
    else if (lower === natives.vex) surveyVex(found, path, now)
    else surveyEcosystem(found, path, name, now)
  }
  return found
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch (cause) {
    throw new AdvisoryFault(
      'nothing-found',
      `The folder ${folder} cannot be read (${systemCode(cause)}); name a folder of advisories`,
      { cause },
    )
  }
}

/** Files of EPSS and KEV; of several days' scores the last by name, which carries the date. */
function surveyFiles(found: Found, folder: string, now: Date): void {
  for (const name of namesIn(folder)) {
    if (/^epss_scores.*\.csv(?:\.gz)?$/.test(name)) found.epss = fileAt(folder, name, now) ?? found.epss
    if (/^known_exploited_vulnerabilities.*\.json(?:\.gz)?$/.test(name))
      found.kev = fileAt(folder, name, now) ?? found.kev
  }
}

function surveyTracker(found: Found, folder: string, now: Date): void {
  const files = namesIn(folder).filter((name) => /\.json(?:\.gz)?$/.test(name))
  const file = files.length > 0 ? fileAt(folder, files[files.length - 1], now) : undefined
  if (file === undefined) return
  found.inputs.push({
    source: natives.tracker,
    records: () => readTrackerDocument(readContent(file.path), file.checked),
    state: { checked: file.checked, bytes: file.bytes },
    bytes: file.bytes,
  })
}

function surveyVex(found: Found, folder: string, now: Date): void {
  const bytes = namesIn(folder).reduce((sum, name) => sum + (statSync(join(folder, name)).size || 0), 0)
  found.inputs.push({
    source: natives.vex,
    records: () => readVexFolder(folder),
    state: { checked: timeOf(statSync(folder), now) },
    bytes: bytes * 4,
  })
}

function surveyEcosystem(found: Found, folder: string, name: string, now: Date): void {
  const source = `osv/${name}`
  const archive = fileAt(folder, 'all.zip', now)
  if (archive) {
    found.inputs.push({
      source,
      records: () => readOsvArchive(archive.path),
      state: { checked: archive.checked, whole: archive.checked, bytes: archive.bytes },
      bytes: archive.bytes,
    })
    return
  }
  const documents = namesIn(folder).filter((file) => file.endsWith('.json')).length
  if (documents === 0) return
  const checked = timeOf(statSync(folder), now)
  found.inputs.push({
    source,
    records: () => readOsvFolder(folder),
    state: { checked, whole: checked },
    bytes: documents * 512,
  })
}

function fileAt(folder: string, name: string, now: Date): SourceFile | undefined {
  const path = join(folder, name)
  const status = statSync(path, { throwIfNoEntry: false })
  if (!status?.isFile()) return undefined
  return { path, name, checked: timeOf(status, now), bytes: status.size }
}

function timeOf(status: Stats, now: Date): string {
  return new Date(Math.min(status.mtimeMs, now.getTime())).toISOString()
}

function factsOf<Name extends 'epss' | 'kev', Reading>(
  name: Name,
  file: SourceFile | undefined,
  read: (content: Buffer) => Reading,
): { [key in Name]?: { read: () => Reading; state: { checked: string; bytes: number } } } {
  if (file === undefined) return {}
  const facts = {
    read: () => read(readContent(file.path)),
    state: { checked: file.checked, bytes: file.bytes },
  }
  return { [name]: facts } as { [key in Name]: typeof facts }
}
