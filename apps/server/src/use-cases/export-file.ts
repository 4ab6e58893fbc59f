import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { makeFolder } from '../make-folder.ts'

/** A record of an export: names and values that JSON has. */
export type ExportRecord = Readonly<Record<string, unknown>>

/** Bytes that are collected before they are written. */
const writeBytes = 1 << 20

/**
 * Writes records into a file as they come, a page at a time: under a temporary name, synced, then renamed, so that what has
 * the name is whole. Answers how many records and bytes it has. What failed leaves no file.
 */
export async function writeExportFile(
  path: string,
  format: 'csv' | 'json',
  columns: readonly string[],
  pages: AsyncIterable<readonly ExportRecord[]>,
  signal: AbortSignal,
): Promise<{ records: number; bytes: number }> {
  const folder = dirname(path)
  await makeFolder(folder)
  const temporary = join(folder, `.${crypto.randomUUID()}.part`)
  try {
    const file = await open(temporary, 'wx', 0o600)
    let written: { records: number; bytes: number }
    try {
      written = await writeRecords(file, format === 'csv' ? csvWriter(columns) : jsonWriter(), pages, signal)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
    await syncFolder(folder)
    return written
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

interface RecordWriter {
  readonly head: string
  readonly tail: string
  record(record: ExportRecord, first: boolean): string
}

async function writeRecords(
  file: FileHandle,
  writer: RecordWriter,
  pages: AsyncIterable<readonly ExportRecord[]>,
  signal: AbortSignal,
): Promise<{ records: number; bytes: number }> {
  let records = 0
  let bytes = 0
  let text = writer.head
  const flush = async (): Promise<void> => {
    const chunk = Buffer.from(text, 'utf8')
    text = ''
    bytes += chunk.length
    await file.appendFile(chunk)
  }
  for await (const page of pages) {
    signal.throwIfAborted()
    for (const record of page) {
      text += writer.record(record, records === 0)
      records++
      if (text.length >= writeBytes) await flush()
    }
  }
  text += writer.tail
  await flush()
  return { records, bytes }
}

/** An array with a record a line: a reader of lines can take it as well as a reader of JSON. */
function jsonWriter(): RecordWriter {
  return {
    head: '[',
    tail: '\n]\n',
    record: (record, first) => `${first ? '' : ','}\n${JSON.stringify(record)}`,
  }
}

/** RFC 4180: a line of names, CRLF, quotes where they are needed. A record's lists and objects are JSON in their cell. */
function csvWriter(columns: readonly string[]): RecordWriter {
  return {
    head: `${columns.map(csvCell).join(',')}\r\n`,
    tail: '',
    record: (record) => `${columns.map((column) => csvCell(record[column])).join(',')}\r\n`,
  }
}

/**
 * One cell. Text that a spreadsheet would take for a formula (`=1+1`, `+1`, `-1`, `@SUM`, or one behind a tab or a line
 * break) gets an apostrophe before it, which spreadsheets read as "this is text": names in images are whatever their makers
 * wrote. Numbers and booleans, which are ours, stay as they are, negative ones too.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
export function csvCell(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const plain = typeof value === 'string' ? value : JSON.stringify(value)
  const text = /^[=+\-@\t\r\n]/.test(plain) ? `'${plain}` : plain
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
