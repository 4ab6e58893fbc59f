import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { readOsv } from '@lanner/matching'
import { ZipArchive } from '../../compile/zip.ts'
import { messageOf } from '../../fault.ts'
import type { NativeRecord, Refusal } from '../source.ts'

export type RecordOrRefusal = NativeRecord | Refusal

/** A record of OSV above this size is refused. */
const recordCap = 32 << 20

/** Every record of an archive as the OSV bucket has them (`<ID>.json`), one at a time. Throws AdvisoryFault when it is no zip. */
export function* readOsvArchive(path: string): Generator<RecordOrRefusal> {
  using archive = new ZipArchive(path)
  for (const entry of archive.entries()) {
    if (!entry.name.endsWith('.json')) continue
    let content: Buffer
    try {
      content = archive.read(entry)
    } catch (error) {
      yield { name: shortened(entry.name), problem: messageOf(error) }
      continue
    }
    yield readOsvDocument(entry.name, content)
  }
}

/** How many records an archive holds, and its size, without reading them. */
export function sizeOfArchive(path: string): { records: number; bytes: number } {
  using archive = new ZipArchive(path)
  let records = 0
  for (const entry of archive.entries()) if (entry.name.endsWith('.json')) records++
  return { records, bytes: archive.bytes }
}

/** The same for a folder of `<ID>.json`. */
export function* readOsvFolder(path: string): Generator<RecordOrRefusal> {
  for (const name of readdirSync(path).sort()) {
    if (!name.endsWith('.json')) continue
    const file = join(path, name)
    try {
      const status = statSync(file)
      if (!status.isFile()) continue
      if (status.size > recordCap) throw new Error(`is larger than ${recordCap} bytes`)
      yield readOsvDocument(name, readFileSync(file))
    } catch (error) {
      yield { name: shortened(name), problem: messageOf(error) }
    }
  }
}

export function readOsvDocument(name: string, content: Buffer): RecordOrRefusal {
  let json: unknown
  try {
    json = JSON.parse(content.toString())
  } catch (error) {
    return { name: shortened(name), problem: `is no JSON: ${messageOf(error).slice(0, 200)}` }
  }
  const reading = readOsv(json)
  return 'problem' in reading ? { name: shortened(name), problem: reading.problem } : reading
}

function shortened(name: string): string {
  return name.length > 200 ? `${name.slice(0, 200)}…` : name
}
