import { join } from 'node:path'
import type {
  AdvisoryReader,
  AdvisoryRecord,
  AffectedPackage,
  CveFacts,
  SourceFreshness,
} from '@lanner/matching'
import { AdvisoryFault } from '../fault.ts'
import { parseCve } from './cve-slot.ts'
import { advisoryOf, decodeEntry } from './entry.ts'
import { affectedKey, splitKey } from './key.ts'
import { type Manifest, readManifest } from './manifest.ts'
import { Segment, type StoredRecord } from './segment.ts'

/** An open store: one revision, unmoved by later writers, until it is closed. */
export interface AdvisoryStore extends AdvisoryReader, Disposable {
  close(): void
}

/** How often a writer may replace the store between our reading its manifest and opening its files. */
const attempts = 5

/**
 * Opens the store in a folder. Takes about a millisecond: segments are read where they lie, by position, and share the page
 * cache with every other reader. Throws AdvisoryFault `no-store`, `corrupt` or `foreign`, with what to do.
 */
export function openStore(folder: string): AdvisoryStore {
  return openSegments(folder)
}

/** Records kept parsed, some kilobytes each. */
const rememberedRecords = 4_000

export function openSegments(folder: string): OpenStore {
  for (let attempt = 1; ; attempt++) {
    const manifest = readManifest(folder)
    if (manifest === undefined) {
      throw new AdvisoryFault(
        'no-store',
        `There are no advisories in ${folder} yet; import or update them first`,
      )
    }
    const segments: Segment[] = []
    try {
      for (const { file } of manifest.segments) segments.push(new Segment(join(folder, file)))
      return new OpenStore(manifest, segments)
    } catch (error) {
      for (const segment of segments) segment.close()
      // A writer removes what its new manifest no longer names.
      const replaced = error instanceof AdvisoryFault && error.code === 'no-store' && attempt < attempts
      if (!replaced) throw missingPart(error, folder)
    }
  }
}

function missingPart(error: unknown, folder: string): unknown {
  if (!(error instanceof AdvisoryFault) || error.code !== 'no-store') return error
  return new AdvisoryFault(
    'corrupt',
    `A part of the advisory store in ${folder} is missing; import or update the advisories again`,
    { cause: error },
  )
}

/** Segments newest first; the first that has the last word on a record hides the record in those after it. */
export class OpenStore implements AdvisoryStore {
  /** The store does not change while it is open, so what was read once holds; images share most of their records. */
  readonly #records = new Map<string, AdvisoryRecord>()
  readonly manifest: Manifest
  readonly revision: string
  /** Deltas, newest first, then the base. */
  readonly advisories: readonly Segment[]
  readonly cves: Segment | undefined
  readonly #all: readonly Segment[]
  #ecosystems: ReadonlySet<string> | undefined

  constructor(manifest: Manifest, segments: readonly Segment[]) {
    this.manifest = manifest
    this.revision = manifest.revision
    this.#all = segments
    this.advisories = segments.filter((_, index) => manifest.segments[index].kind !== 'cves')
    this.cves = segments.find((_, index) => manifest.segments[index].kind === 'cves')
  }

  affected(ecosystem: string, name: string): readonly AffectedPackage[] {
    const key = affectedKey(ecosystem, name)
    const lookedUpAs = splitKey(key).name
    return this.stored(key).map((entry) => decodeEntry(entry, ecosystem, lookedUpAs) ?? damaged(key))
  }

  /** Entries of a key in their stored form. */
  stored(key: string): unknown[] {
    const found: unknown[] = []
    for (const [position, segment] of this.advisories.entries()) {
      for (const entry of segment.affected(key))
        if (!this.#hidden(advisoryOf(entry), position)) found.push(entry)
    }
    return found
  }

  record(id: string): AdvisoryRecord | undefined {
    const remembered = this.#records.get(id)
    if (remembered) return remembered
    const record = this.#readRecord(id)
    if (!record) return undefined
    if (this.#records.size >= rememberedRecords) this.#records.clear()
    this.#records.set(id, record)
    return record
  }

  #readRecord(id: string): AdvisoryRecord | undefined {
    for (const segment of this.advisories) {
      const record = segment.record(id)
      if (record) return record
      if (segment.ids().has(id)) return undefined
    }
    return undefined
  }

  storedRecord(id: string): StoredRecord | undefined {
    for (const segment of this.advisories) {
      const record = segment.storedRecord(id)
      if (record) return record
      if (segment.ids().has(id)) return undefined
    }
    return undefined
  }

  recordsOf(vulnerability: string): readonly string[] {
    const name = canonicalId(vulnerability)
    if (this.advisories.length === 1) return this.advisories[0].references(name)
    const found = new Set<string>()
    for (const [position, segment] of this.advisories.entries()) {
      for (const id of segment.references(name)) if (!this.#hidden(id, position)) found.add(id)
    }
    return [...found]
  }

  cve(id: string): CveFacts | undefined {
    const number = parseCve(id)
    return number && this.cves?.cve(number)
  }

  ecosystems(): ReadonlySet<string> {
    if (this.#ecosystems === undefined) {
      const names = new Set<string>()
      for (const segment of this.advisories)
        for (const name of Object.keys(segment.ecosystems())) names.add(name)
      this.#ecosystems = names
    }
    return this.#ecosystems
  }

  freshness(): readonly SourceFreshness[] {
    return Object.entries(this.manifest.sources).map(([source, { records, newest, checked }]) => ({
      source,
      records,
      ...(newest ? { newest } : {}),
      checked,
    }))
  }

  close(): void {
    for (const segment of this.#all) segment.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** Whether a newer segment has the last word on this record. */
  #hidden(id: string, position: number): boolean {
    for (let newer = 0; newer < position; newer++) if (this.advisories[newer].ids().has(id)) return true
    return false
  }
}

function damaged(key: string): never {
  const { ecosystem, name } = splitKey(key)
  throw new AdvisoryFault(
    'corrupt',
    `The advisory store's entry for ${name} in ${ecosystem} is damaged. Import or update the advisories again`,
  )
}

/** CVEs are written in either case by people and in upper case by feeds. */
export function canonicalId(id: string): string {
  return /^cve-/i.test(id) ? id.toUpperCase() : id
}
