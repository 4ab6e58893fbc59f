import type { Distribution, PackageFacts } from '@lanner/model'
import type { Bytes } from './bytes.ts'
import { ExtractFault, type Extractor, type LayerFile, MiB, type Observation } from './extractor.ts'
import {
  type Evidence,
  type EvidenceProblem,
  type LayerInventory,
  type LicensedPackage,
  NameList,
} from './inventory.ts'
import { type ReadingNeed, ReadingNeeds } from './reading-needs.ts'
import { retainWhole, retainWindows } from './retained-body.ts'
import { WantedPaths } from './wants.ts'

/** A tar entry as the layer walk sees it, its path cleaned. Matches `TarEntry` of the layer reader. */
export interface LayerEntry {
  readonly path: string
  readonly type: string
  /** Cleaned target of a hard link. */
  readonly link?: string
  readonly mode: number
  readonly size: number
}

/** Takes a body as it streams by; matches the layer reader's sink. */
export interface BodySink {
  /** Answers `false` where no view of the part is kept until `end`. */
  write(part: Buffer, offset: number): boolean
  end(): void
}

/** Bounds on what one layer may yield; what is beyond is a problem that makes the image partially assessed. */
export interface ExtractionLimits {
  readonly maxPackages: number
  readonly maxWhiteouts: number
  /** Problems told one by one; the rest are counted. */
  readonly maxProblems: number
  /** Paths that lead out of the image, told by name; the rest are counted. */
  readonly maxRefused: number
  /** Characters of a package's name, version and the like. */
  readonly maxText: number
  /** Characters of all packages. */
  readonly maxLayerText: number
}

export const extractionLimits: ExtractionLimits = {
  maxPackages: 300_000,
  maxWhiteouts: 1_000_000,
  maxProblems: 1000,
  maxRefused: 20,
  maxText: 4096,
  maxLayerText: 200 * MiB,
}

const opaqueMarker = '.wh..wh..opq'
const whiteoutPrefix = '.wh.'
/** An ELF file header alone has 52 bytes. */
const smallestExecutable = 52

/**
 * Reads one layer: fed every entry in archive order, hands wanted bodies to the extractors, and answers with the
 * layer's inventory. Knows nothing of other layers.
 */
export class LayerExtraction {
  readonly #wanted: WantedPaths
  readonly #executable: readonly Extractor[]
  readonly #needs: ReadingNeeds
  readonly #evidence = new Map<string, Evidence[]>()
  readonly #owned = new Map<string, string>()
  readonly #ownedOthers = new NameList()
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
  #packages = 0
  #text = 0
  #problems = 0

  /** `needs`: on a further reading, what the one before was not prepared for (its `LayerInventory.unread`). */
  constructor(extractors: readonly Extractor[], needs: readonly ReadingNeed[] = []) {
    this.#wanted = new WantedPaths(extractors)
    this.#executable = extractors.filter((extractor) => extractor.wants.executables)
    this.#needs = new ReadingNeeds(needs)
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
    this.#resolveOwners()
    const problems = this.#layerProblems()
    return {
      evidence: [...this.#evidence.values()].flat(),
      owned: Object.fromEntries(this.#owned),
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
            fits ? this.#run(extractor, { path, size, mode, bytes }, entry) : tooLarge(path, size, extractor),
          )
        }
        const evidence = results.get(extractor)
        if (evidence) this.#record(path, { ...evidence, path })
      }
    }
  }

  #run(extractor: Extractor, file: LayerFile, entry: LayerEntry): Evidence | undefined {
    const packages: PackageFacts[] = []
    const problems: EvidenceProblem[] = []
    const cpes: string[] = []
    let distribution: Omit<Distribution, 'path'> | undefined
    let licensed: LicensedPackage | undefined
    const take = (observation: Observation): void => {
      switch (observation.kind) {
        case 'package': {
          if (++this.#packages > extractionLimits.maxPackages) {
            throw new ExtractFault(
              'limit-exceeded',
              `a layer with more than ${extractionLimits.maxPackages} packages`,
            )
          }
          const { kind: _, ...facts } = observation
          const length = textLength(facts)
          if (length === Number.POSITIVE_INFINITY) {
            const message = `a package with a name, version or other text of over ${extractionLimits.maxText} characters`
            problems.push(problemOf('malformed', file.path, message))
            break
          }
          this.#text += length
          if (this.#text > extractionLimits.maxLayerText) {
            throw new ExtractFault('limit-exceeded', 'what a layer says of its packages takes too much room')
          }
          packages.push(facts)
          break
        }
        case 'ownership':
          this.#own(observation.owner, observation.paths)
          break
        case 'licenses':
          licensed = { name: observation.owner, licenses: observation.licenses }
          break
        case 'distribution':
          distribution = observation.distribution
          break
        case 'repositories':
          for (const cpe of observation.cpes) cpes.push(cpe)
          break
        case 'problem':
          problems.push(
            problemOf(
              observation.code,
              observation.inner ? `${file.path}!${observation.inner}` : file.path,
              observation.message,
            ),
          )
          break
      }
    }
    try {
      for (const observation of extractor.extract(file)) take(observation)
    } catch (error) {
      const { code, missing } = error instanceof ExtractFault ? error : { code: 'malformed' as const }
      if (missing && !file.bytes.complete) this.#needs.addRange(entry.path, missing)
      problems.push(problemOf(code, file.path, error instanceof Error ? error.message : String(error)))
    }
    if (packages.length + problems.length + cpes.length === 0 && !distribution && !licensed) return undefined
    return {
      path: file.path,
      extractor: extractor.id,
      packages,
      ...(distribution ? { distribution } : {}),
      ...(cpes.length > 0 ? { cpes } : {}),
      ...(licensed ? { licensed } : {}),
      ...(problems.length > 0 ? { problems } : {}),
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

  /** Keeps the owned paths that matter by name; the rest stay as text until it is known which files were evidence. */
  #own(owner: string, paths: Iterable<string>): void {
    let others = false
    for (const raw of paths) {
      const path = withoutRoot(raw)
      if (path === '') continue
      const merged = underUsr(path)
      if (merged !== undefined && !this.#owned.has(merged) && this.#wanted.of(merged).length > 0)
        this.#owned.set(merged, owner)
      if (this.#wanted.of(path).length > 0) {
        this.#owned.set(path, owner)
        continue
      }
      if (this.#executable.length === 0) continue
      // No path begins with a slash any more.
      if (!others) this.#ownedOthers.add(`/${owner}`)
      others = true
      this.#ownedOthers.add(path)
    }
  }

  #resolveOwners(): void {
    const open = new Set([...this.#evidence.keys()].filter((path) => !this.#owned.has(path)))
    if (open.size === 0) return
    const owners = new Map<string, string>()
    let owner = ''
    for (const name of this.#ownedOthers) {
      if (name.charCodeAt(0) === 47) {
        owner = name.slice(1)
        continue
      }
      if (open.has(name)) {
        this.#owned.set(name, owner)
        continue
      }
      const merged = underUsr(name)
      if (merged !== undefined && open.has(merged)) owners.set(merged, owner)
    }
    for (const [path, name] of owners) if (!this.#owned.has(path)) this.#owned.set(path, name)
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

/** Without leading slashes, and without leading parts that are a dot. */
function withoutRoot(path: string): string {
  const first = path.charCodeAt(0)
  if (first !== 0x2f && first !== 0x2e) return path
  const second = path.charCodeAt(1)
  if (first === 0x2f && second !== 0x2f && second !== 0x2e) return path.slice(1)
  return path.replace(/^(?:\.?\/)+/, '')
}

const mergedFolders = /^(?:s?bin|lib(?:32|64|x32)?)\//

/**
 * Where `/bin` and `/lib` are links into `/usr`, packages still list files by the old names, which no other package may
 * then have under `/usr`. https://www.debian.org/doc/debian-policy/ch-opersys.html#file-system-structure
 */
function underUsr(path: string): string | undefined {
  // Nearly all lie under `/usr` or `/var`.
  const first = path.charCodeAt(0)
  if (first === 0x75 || first === 0x76) return undefined
  return mergedFolders.test(path) ? `usr/${path}` : undefined
}

/** Characters that a package takes; Infinity where one of its texts is longer than any real one. */
function textLength(facts: PackageFacts): number {
  const { inner = '', licenses = [], source, qualifiers = {}, ...rest } = facts
  const texts = [
    ...Object.values(rest),
    ...licenses,
    source?.name,
    source?.version,
    ...Object.values(qualifiers),
  ]
  let length = inner.length
  for (const text of texts) {
    if (typeof text !== 'string') continue
    if (text.length > extractionLimits.maxText) return Number.POSITIVE_INFINITY
    length += text.length
  }
  return length
}

function tooLarge(path: string, size: number, extractor: Extractor): Evidence {
  const message = `${path} has ${size} bytes; ${extractor.id} reads at most ${extractor.maxBytes}`
  return { path, extractor: extractor.id, packages: [], problems: [{ code: 'limit-exceeded', message }] }
}

function problemOf(code: ExtractFault['code'], path: string, message: string): EvidenceProblem {
  return { code: code === 'limit-exceeded' ? code : 'unreadable-evidence', message: `${path}: ${message}` }
}

/** ELF, PE, Mach-O thin in both orders, or a fat Mach-O; a Java class shares the last magic and is told apart by its version. */
export function isExecutable(head: Buffer): boolean {
  if (head.length < 8) return false
  if (head[0] === 0x4d && head[1] === 0x5a) return true
  const magic = head.readUInt32BE(0)
  if (magic === 0x7f454c46) return true
  if (magic === 0xfeedface || magic === 0xfeedfacf || magic === 0xcefaedfe || magic === 0xcffaedfe)
    return true
  return (magic === 0xcafebabe || magic === 0xcafebabf) && head.readUInt32BE(4) < 0x2d
}

/** Looks at the first eight bytes of a body that nobody wants by name, and collects it only if it is an executable. */
class MagicSink implements BodySink {
  readonly #start: () => BodySink
  #sink: BodySink | undefined
  #head: Buffer = Buffer.alloc(0)
  #decided = false

  constructor(start: () => BodySink) {
    this.#start = start
  }

  write(part: Buffer, offset: number): boolean {
    if (this.#decided) return this.#sink?.write(part, offset) ?? false
    // A hole at the start of a sparse file is no magic.
    this.#decided = offset !== this.#head.length
    if (this.#decided) return false
    const head = this.#head.length === 0 ? part : Buffer.concat([this.#head, part])
    this.#decided = head.length >= 8
    if (!this.#decided) this.#head = Buffer.from(head)
    if (!this.#decided || !isExecutable(head)) return false
    this.#sink = this.#start()
    return this.#sink.write(head, 0)
  }

  end(): void {
    this.#sink?.end()
  }
}
