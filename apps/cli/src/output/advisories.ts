import type { ImportReport, RebuildProgress, SourceReport, UpdateProgress } from '@lanner/advisories'
import type { AdvisorySource } from '@lanner/model'
import type { Terminal } from '../command.ts'
import { columns, counted, formatBytes, grouped, printable } from './text.ts'

/** A moving line on a terminal, a line per source elsewhere. */
export function compileProgress(
  terminal: Terminal,
  quiet: boolean,
): { onProgress(progress: RebuildProgress): void; finish(): void } {
  let last = ''
  let told = 0
  return {
    onProgress({ phase, source, records }) {
      if (quiet) return
      const name = source ? printable(source) : ''
      if (terminal.interactive) {
        const now = performance.now()
        if (now - told < 100 && name === last) return
        told = now
        terminal.err.write(`\r\u001b[K${phase} ${name} ${grouped(records)} records`)
      } else if (name !== last) terminal.err.write(`${phase} ${name}\n`.replace(' \n', '\n'))
      last = name
    },
    finish() {
      if (!quiet && terminal.interactive && last !== '') terminal.err.write('\r\u001b[K')
    },
  }
}

/** What an update fetches, and then compiles: a moving line on a terminal, a line per source elsewhere. */
export function updateProgress(
  terminal: Terminal,
  quiet: boolean,
): { onProgress(progress: UpdateProgress): void; finish(): void } {
  const compiling = compileProgress(terminal, quiet)
  let last = ''
  let told = 0
  return {
    onProgress({ source = '', bytes, total, phase, records }) {
      if (phase !== undefined) return compiling.onProgress({ phase, records: records ?? 0, source })
      if (quiet) return
      const now = performance.now()
      if (!terminal.interactive && source !== last) terminal.err.write(`fetching ${printable(source)}\n`)
      else if (terminal.interactive && (source !== last || now - told > 100)) {
        told = now
        const size =
          bytes === undefined ? '' : ` ${formatBytes(bytes)}${total ? ` of ${formatBytes(total)}` : ''}`
        terminal.err.write(`\r\u001b[Kfetching ${printable(source)}${size}`)
      }
      last = source
    },
    finish() {
      if (!quiet && terminal.interactive && last !== '') terminal.err.write('\r\u001b[K')
      last = ''
      compiling.finish()
    },
  }
}

/** What a compilation took, and what it could not read. */
export function importSummary(report: ImportReport, folder: string): string {
  const refused = report.sources.filter((source) => source.refused > 0 || source.failed !== undefined)
  return [
    `${counted(report.records, 'record')} of ${counted(report.sources.length, 'source')} (${formatBytes(report.bytes)}) in ${folder}`,
    ...refused.flatMap(refusalLines),
    '',
  ].join('\n')
}

function refusalLines(source: SourceReport): string[] {
  if (source.failed !== undefined)
    return [`${source.source} was not taken, what the store had of it stays: ${printable(source.failed)}`]
  return [
    `${source.source}: ${counted(source.refused, 'record')} could not be read and ${source.refused === 1 ? 'is' : 'are'} not in the store:`,
    ...source.refusals
      .slice(0, 5)
      .map((refusal) => `  ${printable(typeof refusal === 'string' ? refusal : JSON.stringify(refusal))}`),
  ]
}

export function sourceTable(sources: readonly AdvisorySource[], now: Date): string[] {
  const age = (text: string): string => {
    const hours = (now.getTime() - Date.parse(text)) / 3_600_000
    if (!Number.isFinite(hours)) return 'unknown'
    return hours < 1
      ? 'less than an hour'
      : hours < 48
        ? counted(Math.floor(hours), 'hour')
        : `${Math.floor(hours / 24)} days`
  }
  const rows = sources.map((source) => [
    source.source,
    grouped(source.records),
    source.newest ?? '',
    age(source.checked),
  ])
  return columns([['SOURCE', 'RECORDS', 'NEWEST RECORD', 'LAST CHECKED (AGE)'], ...rows])
}
