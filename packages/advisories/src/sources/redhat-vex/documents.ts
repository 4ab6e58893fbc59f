import { closeSync, createReadStream, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib'
import { messageOf } from '../../fault.ts'
import { readContent } from '../content.ts'
import type { RecordOrRefusal } from '../osv/index.ts'
import { readRedHatVex } from './index.ts'
import { filesOfTar } from './tar.ts'

/** Single documents have up to 4 MB today. */
const documentCap = 64 << 20
const depthCap = 8

/**
 * Every record of a folder of VEX documents: `cve-*.json`, also gzip, in subfolders by year as Red Hat has them, and its
 * archives (`.tar`, `.tar.gz`, `.tar.zst`).
 */
export async function* readVexFolder(path: string, depth = 0): AsyncGenerator<RecordOrRefusal> {
  for (const item of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = join(path, item.name)
    if (item.isDirectory() && depth < depthCap) yield* readVexFolder(file, depth + 1)
    else if (!item.isFile()) continue
    else if (/\.json(?:\.gz)?$/.test(item.name)) yield* readVexFile(file, item.name)
    else if (/\.tar(?:\.gz|\.zst)?$/.test(item.name)) yield* readVexArchive(file)
  }
}

/** Throws an Error when the archive itself cannot be read. */
export async function* readVexArchive(path: string): AsyncGenerator<RecordOrRefusal> {
  for await (const { name, content } of filesOfTar(unpackedStream(path), documentCap)) {
    if (name.endsWith('.json')) yield* readVexDocument(name, content)
  }
}

function unpackedStream(path: string): Readable {
  const file = createReadStream(path, { highWaterMark: 1 << 20 })
  const through = unpackerOf(path)
  if (through === undefined) return file
  file.on('error', (error) => through.destroy(error))
  through.on('close', () => file.destroy())
  return file.pipe(through)
}

/** By the first bytes, for a download has no telling name. */
function unpackerOf(path: string): Gunzip | ZstdDecompress | undefined {
  const head = Buffer.alloc(4)
  const fd = openSync(path, 'r')
  try {
    readSync(fd, head, 0, 4, 0)
  } finally {
    closeSync(fd)
  }
  if (head[0] === 0x1f && head[1] === 0x8b) return createGunzip({ chunkSize: 1 << 20 })
  // https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1
  return head.readUInt32LE() === 0xfd2fb528 ? createZstdDecompress({ chunkSize: 1 << 20 }) : undefined
}

function* readVexFile(path: string, name: string): Generator<RecordOrRefusal> {
  let content: Buffer
  try {
    content = readContent(path, documentCap)
  } catch (error) {
    yield { name, problem: messageOf(error) }
    return
  }
  yield* readVexDocument(name, content)
}

export function* readVexDocument(name: string, content: Buffer): Generator<RecordOrRefusal> {
  let json: unknown
  try {
    json = JSON.parse(content.toString())
  } catch (error) {
    yield { name, problem: `is no JSON: ${messageOf(error).slice(0, 200)}` }
    return
  }
  const reading = readRedHatVex(json)
  if ('problem' in reading) yield { name, problem: reading.problem }
  else yield* [...reading.records, ...reading.refused]
}
