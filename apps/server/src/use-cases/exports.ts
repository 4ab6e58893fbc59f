import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FieldTable } from '@lanner/contract'
import { type Checked, FqlFault, parseSort, readFilter, type SortColumn } from '@lanner/fql'
import { Type } from 'typebox'
import type { Database } from '../db/database.ts'
import {
  type ExportWish,
  exportsBefore,
  exportsWithFiles,
  exportsWithIds,
  finishExport,
  forgetExports,
  insertExport,
  latestExports,
  noteExportDeleted,
  type StoredExport,
} from '../db/export.ts'
import { transaction } from '../db/transaction.ts'
import { type ExportRecord, writeExportFile } from './export-file.ts'
import { enqueue, jobType } from './job-type.ts'
import { RequestFault } from './request-fault.ts'

/** Makes the file of an export. One at a time for each kind of a tenant: that is its key. */
export const exportJob = jobType({
  name: 'export',
  payload: Type.Object({ id: Type.String(), resource: Type.String() }),
  key: ({ resource }) => resource,
  attempts: 3,
  priority: 'user',
})

/** Takes old files away. */
export const expireExportsJob = jobType({
  name: 'expire-exports',
  payload: Type.Object({}),
  key: () => 'exports',
  attempts: 3,
  priority: 'rescan',
})

/** Bounds of exports. */
export const exportLimits = {
  /** Days that a file is kept. */
  fileDays: 7,
  /** Days that is remembered what was exported. */
  recordDays: 90,
  /** As many of the latest are listed. */
  listed: 100,
  /** Characters of a filter. */
  filterLength: 10_000,
}

/** What of a kind is asked for. */
export interface ExportRequest {
  readonly filter?: Checked
  readonly sort?: readonly SortColumn[]
  readonly expandVulnerabilities: boolean
}

/** Where the records of a kind come from, in the words of whoever asked for them. */
export interface ExportSource<Lists> {
  readonly filterFields: FieldTable
  readonly sortFields: FieldTable
  /** Every name that a record can have, in the order of the columns. */
  readonly columns: readonly string[]
  /** All records, a page at a time; a page is small enough to be held. */
  pages(
    lists: Lists,
    who: { readonly cid: string; readonly actor: string },
    request: ExportRequest,
  ): AsyncIterable<readonly ExportRecord[]>
}

export interface ExportPorts<Lists> {
  readonly database: Database
  /** Where files lie; every process that serves or works needs the same. */
  readonly folder: string
  /** By kind. What is not among them, nothing is known of here. */
  readonly sources: ReadonlyMap<string, ExportSource<Lists>>
  /** The lists as they are inside a transaction. */
  readonly lists: (database: Database) => Lists
  readonly now: () => Date
}

export interface Exports {
  /**
   * Starts an export and answers its id. Throws RequestFault `invalid` for a kind that is not exported, a filter or an order
   * that the kind does not have; `conflict` while one of the kind is under way.
   */
  launch(cid: string, actor: string, wish: ExportWish): Promise<string>
  /** Those of the ids that the tenant has, in the order of the ids. */
  read(cid: string, ids: readonly string[]): Promise<readonly StoredExport[]>
  /** Ids among the latest, the newest first. */
  ids(cid: string, filter: Checked | undefined): Promise<readonly string[]>
  /** The file. Throws `not-found`, with how far the export is where there is one. */
  file(cid: string, id: string): Promise<ExportFile>
  /** What the job does; again after a failure, from the beginning. */
  run(cid: string, id: string, signal: AbortSignal, onProgress: (records: number) => void): Promise<void>
  /** Takes away files that are too old, or that nobody knows. Gives how many. */
  expire(signal: AbortSignal): Promise<number>
}

export interface ExportFile {
  readonly name: string
  readonly format: 'csv' | 'json'
  readonly bytes: number
  readonly content: AsyncIterable<Uint8Array>
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const day = 24 * 60 * 60 * 1000
const batch = 500

export function exportsOf<Lists>(ports: ExportPorts<Lists>): Exports {
  const { database, folder, sources, now } = ports

  function sourceOf(resource: string): ExportSource<Lists> {
    const source = sources.get(resource)
    if (source) return source
    throw new RequestFault(
      'invalid',
      `resource: nothing of the kind ${resource} is kept here; exported are ${[...sources.keys()].join(', ')}`,
    )
  }

  function requestOf(wish: ExportWish): ExportRequest {
    const { filterFields, sortFields } = sourceOf(wish.resource)
    const { filter, sort, expandVulnerabilities } = wish
    const checked =
      filter.trim() === '' ? undefined : said('fql', () => readFilter(filter, filterFields, { now: now() }))
    const order = sort.trim() === '' ? undefined : said('sort', () => parseSort(sort, sortFields))
    return {
      expandVulnerabilities,
      ...(checked ? { filter: checked } : {}),
      ...(order ? { sort: order } : {}),
    }
  }

  function pathOf(cid: string, id: string, format: string): string {
    return join(folder, cid, `${id}.${format}`)
  }

  async function find(cid: string, id: string): Promise<StoredExport | undefined> {
    const lower = id.toLowerCase()
    const [found] = uuid.test(lower) ? await exportsWithIds(database, cid, [lower]) : []
    return found
  }

  return {
    async launch(cid, actor, wish) {
      if (wish.filter.length > exportLimits.filterLength)
        throw new RequestFault('invalid', `fql: more than ${exportLimits.filterLength} characters`)
      requestOf(wish)
      const id = crypto.randomUUID()
      await transaction(database, async (inside) => {
        const jobId = await enqueue(inside, exportJob, { id, resource: wish.resource }, { cid })
        // A job that was there already is another export's; one that is to follow a running one is not there yet.
        if (await insertExport(inside, cid, { ...wish, id, jobId, actor, now: now() })) return
        throw new RequestFault(
          'conflict',
          `an export of ${wish.resource} is under way; wait until it has ended`,
        )
      })
      return id
    },

    async read(cid, ids) {
      const wanted = ids.map((id) => id.toLowerCase()).filter((id) => uuid.test(id))
      const found = new Map((await exportsWithIds(database, cid, wanted)).map((one) => [one.id, one]))
      return wanted.flatMap((id) => found.get(id) ?? [])
    },

    ids: (cid, filter) => latestExports(database, cid, exportLimits.listed, filter),

    async file(cid, id) {
      const found = await find(cid, id)
      if (!found) throw new RequestFault('not-found', `there is no export ${id.slice(0, 80)}`)
      if (found.status !== 'DONE')
        throw new RequestFault('not-found', `the export ${found.id} has no file: it is ${found.status}`)
      const file = await open(pathOf(cid, found.id, found.format), 'r').catch(
        (error: NodeJS.ErrnoException) => {
          if (error.code !== 'ENOENT') throw error
          throw new RequestFault('not-found', `the file of the export ${found.id} is gone`)
        },
      )
      const { size } = await file.stat()
      return {
        name: `${found.resource}.${found.format}`,
        format: found.format,
        bytes: size,
        content: contentOf(file),
      }
    },

    async run(cid, id, signal, onProgress) {
      const found = await find(cid, id)
      // Made already by a run that died before it could say so, or forgotten meanwhile.
      if (!found || found.finishedAt) return
      const source = sourceOf(found.resource)
      const request = requestOf(found)
      const who = { cid, actor: found.actor }
      // All pages show the same moment.
      const file = await transaction(
        database,
        (inside) => {
          const pages = counted(source.pages(ports.lists(inside), who, request), onProgress)
          return writeExportFile(pathOf(cid, id, found.format), found.format, source.columns, pages, signal)
        },
        { isolation: 'repeatable read' },
      ).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOSPC') throw error
        throw new RequestFault('no-space', 'the disk is full: the file could not be written', {
          cause: error,
        })
      })
      await finishExport(database, cid, id, file, now())
    },

    async expire(signal) {
      const before = new Date(now().getTime() - exportLimits.fileDays * day)
      let removed = 0
      for (;;) {
        const old = await exportsBefore(database, before, batch)
        for (const { cid, id, format } of old) {
          signal.throwIfAborted()
          // Who has it open reads it to its end.
          await rm(pathOf(cid, id, format), { force: true })
          await noteExportDeleted(database, cid, id, now())
          removed++
        }
        if (old.length < batch) break
      }
      await forgetExports(database, new Date(now().getTime() - exportLimits.recordDays * day))
      return removed + (await sweep(signal))
    },
  }

  /** Files that a killed process left, and those of exports that nobody knows any more. */
  async function sweep(signal: AbortSignal): Promise<number> {
    let removed = 0
    for (const cid of await namesIn(folder)) {
      const names = await namesIn(join(folder, cid))
      for (let start = 0; start < names.length; start += batch) {
        signal.throwIfAborted()
        const some = names.slice(start, start + batch)
        const ids = some.map((name) => name.slice(0, name.lastIndexOf('.'))).filter((id) => uuid.test(id))
        const known = await exportsWithFiles(database, cid, ids)
        for (const name of some) {
          if (known.has(name.slice(0, name.lastIndexOf('.')))) continue
          const path = join(folder, cid, name)
          const facts = await stat(path).catch(() => undefined)
          // A file that is being written belongs to nobody yet.
          if (!facts || now().getTime() - facts.mtimeMs < day) continue
          await rm(path, { force: true })
          removed++
        }
      }
    }
    return removed
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return []
    throw error
  })
}

function said<T>(name: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof FqlFault)) throw error
    throw new RequestFault('invalid', `${name}: ${error.message}`, { cause: error })
  }
}

async function* counted<Row>(
  pages: AsyncIterable<readonly Row[]>,
  onProgress: (records: number) => void,
): AsyncGenerator<readonly Row[]> {
  let records = 0
  for await (const page of pages) {
    yield page
    records += page.length
    onProgress(records)
  }
}

async function* contentOf(file: FileHandle): AsyncGenerator<Uint8Array> {
  try {
    yield* file.createReadStream({ autoClose: false, highWaterMark: 1 << 18 })
  } finally {
    await file.close()
  }
}
