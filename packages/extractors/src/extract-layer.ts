import type { Bytes } from './bytes.ts'
import { EvidenceReader } from './evidence-reader.ts'
import { isExecutable, MagicSink, smallestExecutable } from './executable.ts'
import { extractionLimits } from './extraction-limits.ts'
import { ExtractFault, type Extractor } from './extractor.ts'
import { type Evidence, type EvidenceProblem, type LayerInventory, NameList } from './inventory.ts'
import type { BodySink, LayerEntry } from './layer-entry.ts'
import { OwnedPaths } from './owned-paths.ts'
import { type ReadingNeed, ReadingNeeds } from './reading-needs.ts'
import { retainWhole, retainWindows } from './retained-body.ts'
import { WantedPaths } from './wants.ts'

const opaqueMarker = '.wh..wh..opq'
const whiteoutPrefix = '.wh.'

/**
 * Reads one layer: fed every entry in archive order, hands wanted bodies to the extractors, and answers with the
 * layer's inventory. Knows nothing of other layers.
 */
export class LayerExtraction {
  readonly #wanted: WantedPaths
  readonly #executable: readonly Extractor[]
  readonly #needs: ReadingNeeds
  readonly #reader: EvidenceReader
  readonly #evidence = new Map<string, Evidence[]>()
  readonly #owned: OwnedPaths
  readonly #whiteouts: string[] = []
  readonly #opaque: string[] = []
  readonly #names = new NameList()
  readonly #hardLinks = new Map<string, string>()
  /** Files that somebody wanted by their name. */
  readonly #read = new Set<string>()
  /** On a further reading: the hard links that are read with their targets, and the targets that have come by. */
  readonly #targets = new Map<string, string>()
  readonly #met = new Set<string>()
  readonly #refused: string[] = []
  #refusals = 0
  #problems = 0

  /** `needs`: on a further reading, what the one before was not prepared for (its `LayerInventory.unread`). */
  constructor(extractors: readonly Extractor[], needs: readonly ReadingNeed[] = []) {
    this.#wanted = new WantedPaths(extractors)
    this.#executable = extractors.filter((extractor) => extractor.wants.executables)
    this.#owned = new OwnedPaths(this.#wanted, this.#executable.length > 0)
    this.#needs = new ReadingNeeds(needs)
    this.#reader = new EvidenceReader(this.#owned, this.#needs)
    for (const { path, links } of needs) for (const link of links) this.#targets.set(link, path)
  }

  /** Takes an entry; answers with a sink where its body is wanted. */
  entry(entry: LayerEntry): BodySink | undefined {
    const { path, type } = entry
    const slash = path.lastIndexOf('/')
    if (path.startsWith(whiteoutPrefix, slash + 1)) {
      this.#whiteout(path, slash)
      return undefined
    }
    this.#names.add(type === 'directory' ? `${path}/` : path)
    // On a further reading the content of a link was taken when its target came by.
    if (type === 'hardlink' && this.#targets.has(path)) return undefined
    // The same path twice in one layer: the last entry counts.
    if (this.#evidence.size > 0) this.#evidence.delete(path)
    if (this.#hardLinks.size > 0) this.#hardLinks.delete(path)
    if (type === 'hardlink') this.#hardLink(path, entry.link)
    return type === 'file' ? this.#file(entry) : undefined
  }

  /** Takes note of an entry whose path leads out of the image: runtimes disagree on what becomes of it. */
  refuse(path: string): void {
    this.#refusals++
    if (this.#refused.length < extractionLimits.maxRefused)
      this.#refused.push(JSON.stringify(path.slice(0, 200)))
  }

  /** What the layer holds. Call once, after the last entry. */
  finish(): LayerInventory {
    this.#followHardLinks()
    this.#tellUnmet()
    const problems = this.#layerProblems()
    return {
      evidence: [...this.#evidence.values()].flat(),
      owned: this.#owned.of(this.#evidence.keys()),
      whiteouts: this.#whiteouts,
      opaque: this.#opaque,
      names: this.#names,
      unread: this.#needs.due(),
      ...(problems.length > 0 ? { problems } : {}),
    }
  }

  #layerProblems(): EvidenceProblem[] {
    const problems: EvidenceProblem[] = []
    if (this.#refusals > 0) {
      const rest = this.#refusals > this.#refused.length ? ' and others' : ''
      problems.push({
        code: 'unreadable-evidence',
        message: `${this.#refusals} paths lead out of the image or cannot exist in it, and were left out: ${this.#refused.join(', ')}${rest}`,
      })
    }
    const untold = this.#problems - extractionLimits.maxProblems
    if (untold > 0)
      problems.push({
        code: 'unreadable-evidence',
        message: `${untold} more files could not be read, or only in part`,
      })
    return problems
  }

  #whiteout(path: string, slash: number): void {
    if (this.#whiteouts.length + this.#opaque.length >= extractionLimits.maxWhiteouts) {
      throw new ExtractFault(
        'limit-exceeded',
        `a layer removes more than ${extractionLimits.maxWhiteouts} paths`,
      )
    }
    const folder = path.slice(0, Math.max(0, slash))
    const name = path.slice(slash + 1)
    if (name === opaqueMarker) this.#opaque.push(folder)
    // Other `.wh..wh.` names are AUFS's own and no content; a bare `.wh.` names nothing.
    else if (!name.startsWith('.wh..wh.') && name.length > whiteoutPrefix.length)
      this.#whiteouts.push(
        folder ? `${folder}/${name.slice(whiteoutPrefix.length)}` : name.slice(whiteoutPrefix.length),
      )
  }

  #hardLink(path: string, target: string | undefined): void {
    if (this.#wanted.of(path).length === 0) return
    if (target !== undefined) this.#hardLinks.set(path, target)
    else this.#recordUnread(path, 'is a hard link that leads out of the image')
  }

  #file(entry: LayerEntry): BodySink | undefined {
    const need = this.#needs.of(entry.path)
    if (need) this.#met.add(entry.path)
    const byName = this.#wanted.of(entry.path)
    const wanted = need ? [...byName, ...need.links.flatMap((link) => this.#wanted.of(link))] : byName
    if (wanted.length === 0) {
      if (this.#executable.length === 0 || entry.size < smallestExecutable) return undefined
      return new MagicSink(() => this.#collect(entry, this.#executable, need))
    }
    this.#read.add(entry.path)
    return this.#collect(entry, [...wanted, ...this.#executable], need)
  }

  /** Retains a body as far as one of these extractors can use it, and examines it when it has passed by. */
  #collect(entry: LayerEntry, extractors: readonly Extractor[], need: ReadingNeed | undefined): BodySink {
    const { path, size } = entry
    const whole = extractors.some((extractor) => size <= extractor.maxBytes)
    const anchors = extractors.flatMap((extractor) => extractor.wants.anchors ?? [])
    const body = whole
      ? retainWhole(size)
      : anchors.length > 0
        ? retainWindows(size, anchors, need?.ranges)
        : undefined
    const names = need ? [path, ...need.links] : [path]
    return {
      write: (part, offset) => body?.write(part, offset) ?? false,
      end: () => this.#examine(entry, names, body?.bytes()),
    }
  }

  /**
   * Runs the extractors over a body that has passed by, each once, however many names it has; `bytes` is undefined where
   * it was too large for all of them.
   */
  #examine(entry: LayerEntry, names: readonly string[], bytes: Bytes | undefined): void {
    const executable = bytes !== undefined && bytes.size >= 8 && isExecutable(bytes.slice(0, 8))
    const results = new Map<Extractor, Evidence | undefined>()
    for (const path of names) {
      const wanted = this.#wanted.of(path)
      for (const extractor of executable ? new Set([...wanted, ...this.#executable]) : wanted) {
        if (!results.has(extractor)) {
          const { size, mode } = entry
          const fits = bytes && (size <= extractor.maxBytes || extractor.wants.anchors !== undefined)
          results.set(
            extractor,
            fits
              ? this.#reader.read(extractor, { path, size, mode, bytes }, entry.path)
              : tooLarge(path, size, extractor),
          )
        }
        const evidence = results.get(extractor)
        if (evidence) this.#record(path, { ...evidence, path })
      }
    }
  }

  #record(path: string, evidence: Evidence): void {
    const told = this.#bounded(evidence)
    const list = this.#evidence.get(path)
    if (list) list.push(told)
    else this.#evidence.set(path, [told])
  }

  /** Lets go of problems that are too many to be told one by one. */
  #bounded(evidence: Evidence): Evidence {
    if (!evidence.problems) return evidence
    const room = Math.max(0, extractionLimits.maxProblems - this.#problems)
    this.#problems += evidence.problems.length
    if (evidence.problems.length <= room) return evidence
    return { ...evidence, problems: evidence.problems.slice(0, room) }
  }

  #recordUnread(path: string, why: string): void {
    const problems: EvidenceProblem[] = [{ code: 'unreadable-evidence', message: `${path}: ${why}` }]
    const [extractor] = this.#wanted.of(path)
    this.#record(path, { path, extractor: extractor.id, packages: [], problems })
  }

  #followHardLinks(): void {
    for (const [path, target] of this.#hardLinks) {
      const wanted = this.#wanted.of(path).map((extractor) => extractor.id)
      const read = (this.#evidence.get(target) ?? []).filter((evidence) =>
        wanted.includes(evidence.extractor),
      )
      for (const evidence of read) this.#record(path, { ...evidence, path })
      // Read under its own name by the same extractors, and nothing was in it: there is nothing more to find.
      const known = this.#wanted.of(target).map((extractor) => extractor.id)
      if (!this.#read.has(target) || !wanted.every((id) => known.includes(id)))
        this.#needs.addLink(target, path)
    }
  }

  /** On a further reading: a link whose target is no file of this layer cannot be read at all. */
  #tellUnmet(): void {
    for (const [path, target] of this.#targets) {
      if (!this.#met.has(target))
        this.#recordUnread(path, `is a hard link to ${target}, which is no file of its layer`)
    }
  }
}

function tooLarge(path: string, size: number, extractor: Extractor): Evidence {
  const message = `${path} has ${size} bytes; ${extractor.id} reads at most ${extractor.maxBytes}`
  return { path, extractor: extractor.id, packages: [], problems: [{ code: 'limit-exceeded', message }] }
}
