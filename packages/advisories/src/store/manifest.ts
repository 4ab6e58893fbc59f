import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AdvisoryFault, systemCode } from '../fault.ts'

/** The file that says which segments make up the store; replaced by rename, never edited. */
export const manifestName = 'current.json'
const format = 'lanner-advisories/2'

export interface SegmentEntry {
  readonly file: string
  readonly kind: 'base' | 'delta' | 'cves'
  readonly bytes: number
  readonly sha256: string
  readonly records: number
}

/** What is remembered of one source between updates. */
export interface SourceState {
  readonly records: number
  /** Greatest `modified` among its records. */
  readonly newest?: string
  /** When it was last asked. */
  readonly checked: string
  /** Greatest `modified` that its list of changes named, records that were refused included. */
  readonly seen?: string
  /** When it was last taken as a whole. */
  readonly whole?: string
  /** Bytes of its archive, for the guard against a feed that shrinks. */
  readonly bytes?: number
  readonly etag?: string
}

export interface Manifest {
  readonly format: typeof format
  /** Changes with every change of content. */
  readonly revision: string
  /** Newest first: deltas, base, and the CVE facts anywhere. */
  readonly segments: readonly SegmentEntry[]
  readonly sources: Readonly<Record<string, SourceState>>
}

export function manifestOf(
  segments: readonly SegmentEntry[],
  sources: Readonly<Record<string, SourceState>>,
): Manifest {
  const hash = createHash('sha256')
  for (const segment of segments) hash.update(`${segment.kind} ${segment.sha256}\n`)
  return { format, revision: hash.digest('hex').slice(0, 32), segments, sources }
}

/** Undefined when the folder holds no store. Throws AdvisoryFault `corrupt` or `foreign`. */
export function readManifest(folder: string): Manifest | undefined {
  const path = join(folder, manifestName)
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if (systemCode(cause) === 'ENOENT') return undefined
    if (systemCode(cause) === 'ENOTDIR') {
      throw new AdvisoryFault('foreign', `${folder} is not a folder; name the folder of an advisory store`, {
        cause,
      })
    }
    throw new AdvisoryFault('corrupt', `The advisory store's ${path} cannot be read (${systemCode(cause)})`, {
      cause,
    })
  }
  let manifest: unknown
  try {
    manifest = JSON.parse(text)
  } catch (cause) {
    throw new AdvisoryFault(
      'corrupt',
      `The advisory store's ${path} is no JSON; import or update the advisories again`,
      { cause },
    )
  }
  if (!isManifest(manifest)) {
    throw new AdvisoryFault(
      'foreign',
      `${path} does not describe an advisory store of this version; import or update the advisories again`,
    )
  }
  return manifest
}

/** Segment names come from a file that others may write: only a plain name leads nowhere else. */
const segmentFile = /^(?:base|delta|cves)-[0-9a-f]{16}\.store$/

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== 'object' || value === null) return false
  const { format: written, revision, segments, sources } = value as Record<string, unknown>
  if (written !== format || typeof revision !== 'string') return false
  if (typeof sources !== 'object' || sources === null || !Array.isArray(segments)) return false
  return segments.every(
    (segment) => typeof segment === 'object' && segment !== null && segmentFile.test(String(segment.file)),
  )
}

export function isSegmentFile(name: string): boolean {
  return segmentFile.test(name)
}

/** Puts a new manifest in place; readers see the old one or the new one. */
export function writeManifest(folder: string, manifest: Manifest): void {
  const path = join(folder, manifestName)
  const temporary = join(folder, `tmp-${process.pid}-${manifestName}`)
  writeFileSync(temporary, JSON.stringify(manifest, undefined, 1), { flush: true })
  renameSync(temporary, path)
  syncFolder(folder)
}

/** Makes a rename last through a power cut, where the system allows folders to be synchronised. */
export function syncFolder(folder: string): void {
  try {
    const fd = openSync(folder, 'r')
    try {
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EACCES', 'EINVAL'].includes(systemCode(error) ?? '')) throw error
  }
}
