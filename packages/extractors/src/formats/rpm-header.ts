import type { Bytes } from '../bytes.ts'
import { ExtractFault } from '../extractor.ts'

/** https://github.com/rpm-software-management/rpm/blob/master/include/rpm/rpmtag.h */
export const rpmTag = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  vendor: 1011,
  license: 1014,
  arch: 1022,
  oldFileNames: 1027,
  sourceRpm: 1044,
  directoryIndexes: 1116,
  baseNames: 1117,
  directoryNames: 1118,
  modularityLabel: 5096,
} as const

const kept: ReadonlySet<number> = new Set(Object.values(rpmTag))

/** Limits of rpm itself (lib/header.c): entries of an index, bytes of a data part. */
const entryLimit = 0xffff
const sizeLimit = 0x0fffffff
const fileLimit = 2_000_000
const stringLimit = 64 * 1024
/** PATH_MAX of Linux. */
const pathLimit = 4096

const typeInt32 = 4
const typeString = 6
const typeStringArray = 8
const typeI18nString = 9

interface Entry {
  readonly type: number
  readonly start: number
  readonly count: number
}

/**
 * A package header as the databases hold it: number of entries and size of the data part (32 bits each, big endian), an
 * index of 16 bytes an entry (tag, type, offset into the data part, count), the data part. Values are read when asked for.
 * https://rpm-software-management.github.io/rpm/manual/format_header.html
 */
export class RpmHeader {
  readonly #blob: Bytes
  readonly #entries = new Map<number, Entry>()
  readonly #dataStart: number
  readonly #dataEnd: number
  readonly #index: Buffer

  /** Throws ExtractFault `malformed` when the blob has no such shape, `truncated` when it is shorter than it says. */
  constructor(blob: Bytes) {
    if (blob.size < 8)
      throw new ExtractFault('truncated', `a package header of ${blob.size} bytes has no index`)
    const intro = blob.slice(0, 8)
    const entries = intro.readUInt32BE(0)
    const size = intro.readUInt32BE(4)
    if (entries === 0 || entries > entryLimit || size > sizeLimit) {
      throw new ExtractFault(
        'malformed',
        `a package header states ${entries} entries and ${size} bytes of data`,
      )
    }
    this.#blob = blob
    this.#dataStart = 8 + entries * 16
    this.#dataEnd = this.#dataStart + size
    if (this.#dataEnd > blob.size) {
      throw new ExtractFault('truncated', `a package header of ${blob.size} bytes states ${this.#dataEnd}`)
    }
    this.#index = blob.slice(8, this.#dataStart)
    for (let at = 0; at < this.#index.length; at += 16) {
      const tag = this.#index.readUInt32BE(at)
      if (!kept.has(tag)) continue
      const offset = this.#index.readUInt32BE(at + 8)
      if (offset >= size)
        throw new ExtractFault('malformed', `tag ${tag} of a package header lies outside of its data`)
      // An entry added at installation replaces one of the signed region: the last of a tag counts.
      this.#entries.set(tag, {
        type: this.#index.readUInt32BE(at + 4),
        start: this.#dataStart + offset,
        count: this.#index.readUInt32BE(at + 12),
      })
    }
  }

  /** A string, or the first of several (translated strings begin with the untranslated one). */
  string(tag: number): string | undefined {
    const entry = this.#entries.get(tag)
    if (entry === undefined || entry.count === 0) return undefined
    if (entry.type !== typeString && entry.type !== typeI18nString && entry.type !== typeStringArray)
      return undefined
    for (let reach = 128; ; reach *= 8) {
      const text = this.#blob.slice(entry.start, Math.min(entry.start + reach, this.#dataEnd))
      const end = text.indexOf(0)
      if (end >= 0) return text.toString('utf8', 0, end)
      if (entry.start + reach >= this.#dataEnd || reach > stringLimit) {
        throw new ExtractFault('malformed', `the string of tag ${tag} in a package header has no end`)
      }
    }
  }

  integer(tag: number): number | undefined {
    const entry = this.#entries.get(tag)
    if (entry === undefined || entry.count === 0 || entry.type !== typeInt32) return undefined
    if (entry.start + 4 > this.#dataEnd)
      throw new ExtractFault('malformed', `tag ${tag} of a package header is cut off`)
    return this.#blob.slice(entry.start, entry.start + 4).readUInt32BE(0)
  }

  /** Absolute paths of the package's files, folders among them; stops where the lists do not fit together. */
  *files(): Generator<string> {
    const names = this.#strings(rpmTag.baseNames)
    if (names.length === 0) {
      yield* this.#strings(rpmTag.oldFileNames)
      return
    }
    const folders = this.#strings(rpmTag.directoryNames)
    const indexes = this.#entries.get(rpmTag.directoryIndexes)
    if (indexes === undefined || indexes.type !== typeInt32) return
    const count = Math.min(names.length, indexes.count, Math.floor((this.#dataEnd - indexes.start) / 4))
    const table = this.#blob.slice(indexes.start, indexes.start + count * 4)
    for (let at = 0; at < count; at++) {
      const folder = folders[table.readUInt32BE(at * 4)]
      if (folder === undefined) return
      if (folder.length + names[at].length <= pathLimit) yield folder + names[at]
    }
  }

  #strings(tag: number): string[] {
    const entry = this.#entries.get(tag)
    if (entry === undefined || entry.type !== typeStringArray || entry.count > fileLimit) return []
    const strings = this.#blob
      .slice(entry.start, this.#nextStart(entry.start))
      .toString('utf8')
      .split('\0', entry.count)
    return strings.length === entry.count ? strings : []
  }

  /** Where the value after the one at `start` begins: entries need not be in the order of their offsets. */
  #nextStart(start: number): number {
    let next = this.#dataEnd
    for (let at = 0; at < this.#index.length; at += 16) {
      const other = this.#dataStart + this.#index.readUInt32BE(at + 8)
      if (other > start && other < next) next = other
    }
    return next
  }
}
