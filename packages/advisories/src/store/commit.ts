import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { systemCode } from '../fault.ts'
import {
  type Manifest,
  manifestOf,
  readManifest,
  type SegmentEntry,
  type SourceState,
  syncFolder,
  writeManifest,
} from './manifest.ts'
import { SegmentWriter } from './segment-writer.ts'

/** A finished file that waits in the work folder. */
export interface BuiltSegment {
  readonly path: string
  readonly entry: SegmentEntry
}

/** Builds one segment in the work folder; `write` returns how many records it holds. */
export async function buildSegment(
  workFolder: string,
  kind: SegmentEntry['kind'],
  write: (writer: SegmentWriter) => number | Promise<number>,
): Promise<BuiltSegment> {
  const path = join(workFolder, `${kind}.store`)
  const writer = new SegmentWriter(path)
  try {
    const records = await write(writer)
    const { bytes, sha256 } = writer.finish()
    return { path, entry: { file: `${kind}-${sha256.slice(0, 16)}.store`, kind, bytes, sha256, records } }
  } finally {
    writer.close()
  }
}

/**
 * Makes these segments the store: new files are moved in under names that follow from their content, then the manifest is
 * replaced; at no moment does it name a file that is not whole. Files it no longer names are removed, open readers keep theirs.
 */
export function commit(
  folder: string,
  built: readonly BuiltSegment[],
  segments: readonly SegmentEntry[],
  sources: Readonly<Record<string, SourceState>>,
): Manifest {
  const before = readableManifest(folder)
  for (const { path, entry } of built) renameSync(path, join(folder, entry.file))
  syncFolder(folder)
  const manifest = manifestOf(segments, sources)
  writeManifest(folder, manifest)
  const named = new Set(segments.map((segment) => segment.file))
  for (const { file } of before?.segments ?? []) if (!named.has(file)) remove(join(folder, file))
  return manifest
}

/** The present manifest; a damaged one counts as none, for the new one replaces it. */
export function readableManifest(folder: string): Manifest | undefined {
  try {
    return readManifest(folder)
  } catch {
    return undefined
  }
}

/** Windows keeps open files from being removed; the next writer does it. */
function remove(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch (error) {
    if (!['EBUSY', 'EPERM', 'EACCES'].includes(systemCode(error) ?? '')) throw error
  }
}
