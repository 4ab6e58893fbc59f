import type { Bytes } from '../../bytes.ts'
import { defineExtractor, type Extractor, type LayerFile, MiB, type Observation } from '../../extractor.ts'

/** Where a version string stands and what it looks like. */
export interface VersionPattern {
  /**
   * Bytes (one a character, latin1) that stand beside every version string and nearly nowhere else. `{name}` stands for
   * the version in the file's name (see `nameVersion`). Empty for text files, whose beginning the pattern sees.
   */
  readonly anchor: string
  /** Bytes before the anchor that the pattern sees; 0 by default, at most 128. */
  readonly before?: number
  /** Held against at most 384 bytes as latin1, from `before` on; its group `version` is the answer. */
  readonly pattern: RegExp
}

/** Proof on a real file: a few bytes around the string, as they lie in it. */
export interface Specimen {
  /** Where the file came from: `nginx 1.22.1-9 of Debian 12`. */
  readonly from: string
  readonly path: string
  /** latin1 */
  readonly bytes: string
  readonly version: string
}

/** Bytes that look alike and say nothing about this software. */
export interface NearMiss {
  readonly path: string
  /** latin1 */
  readonly bytes: string
}

/** Software that is recognised without a package manager, by its file's name and a version string inside. */
export interface Classifier {
  readonly id: string
  /** As its makers write it. */
  readonly label: string
  /** Of the purl: `pkg:generic/<name>@<version>`. */
  readonly name: string
  /** Raised whenever the answer changes for some file. */
  readonly revision: number
  /** As in `Wants`. */
  readonly paths: readonly string[]
  /** The first that matches decides. */
  readonly patterns: readonly VersionPattern[]
  /** A version in the file's own path, group `version`, with which the one inside must agree; without it, no answer. */
  readonly nameVersion?: RegExp
  /** Whether the file is text; otherwise it must begin as a program or library does. */
  readonly text?: true
  readonly specimens: readonly Specimen[]
  readonly nearMisses: readonly NearMiss[]
  /** No file of it was at hand: what it looks for is known from its sources only. */
  readonly untried?: true
}

export const windowLimit = 384
const hitLimit = 4096
const programMagics: ReadonlySet<number> = new Set([
  0x7f454c46, 0xfeedface, 0xcefaedfe, 0xfeedfacf, 0xcffaedfe, 0xcafebabe, 0xcafebabf,
])

export function defineClassifier(classifier: Classifier): Classifier {
  return classifier
}

/** The extractor of one classifier, so that a change to it re-reads nothing else. */
export function classifierExtractor(classifier: Classifier): Extractor {
  const { patterns, text } = classifier
  const named = patterns.some(({ anchor }) => anchor.includes('{name}'))
  return defineExtractor({
    id: `binary/classifiers/${classifier.id}`,
    revision: classifier.revision,
    finds: `${classifier.label} by ${text ? 'its version file' : 'the version string in its program or library'}`,
    wants: {
      paths: classifier.paths,
      ...(named || text ? {} : { anchors: patterns.map(({ anchor }) => Buffer.from(anchor, 'latin1')) }),
    },
    maxBytes: text ? MiB : 64 * MiB,
    extract: (file) => classify(classifier, file),
  })
}

function* classify(classifier: Classifier, file: LayerFile): Iterable<Observation> {
  if (!classifier.text && !isProgram(file)) return
  const nameVersion = classifier.nameVersion?.exec(file.path)?.groups?.['version']
  if (classifier.nameVersion && nameVersion === undefined) return
  const versions = findVersions(classifier, file, nameVersion)
  if (versions.size > 1) {
    yield {
      kind: 'problem',
      code: 'unsupported',
      message: `${classifier.label}: the file names several versions (${[...versions].slice(0, 4).join(', ')}), which one it is cannot be told`,
    }
    return
  }
  for (const version of versions) {
    yield { kind: 'package', type: 'generic', name: classifier.name, version, confidence: 'matched' }
  }
}

/** The distinct versions that the first matching pattern sees. */
function findVersions(classifier: Classifier, file: LayerFile, nameVersion: string | undefined): Set<string> {
  const { bytes } = file
  const versions = new Set<string>()
  if (classifier.text) {
    const beginning = bytes.slice(0, windowLimit).toString('latin1')
    const found = classifier.patterns.map(({ pattern }) => pattern.exec(beginning)?.groups?.['version'])
    const version = found.find((candidate) => candidate !== undefined)
    return version === undefined ? versions : versions.add(version)
  }
  for (const { anchor, before = 0, pattern } of classifier.patterns) {
    for (const at of occurrences(bytes, Buffer.from(anchor.replace('{name}', nameVersion ?? ''), 'latin1'))) {
      const start = bytes.has(at - before, at) ? Math.max(0, at - before) : at
      const end = Math.min(at - before + windowLimit, bytes.size)
      // A window cut short by bytes that were let go (large files only) is still worth a look up to there.
      const window = bytes.slice(start, bytes.has(start, end) ? end : at + anchor.length)
      const version = pattern.exec(window.toString('latin1'))?.groups?.['version']
      if (version !== undefined && agrees(version, nameVersion)) versions.add(version)
    }
    if (versions.size > 0) break
  }
  return versions
}

/** Offsets of the anchor. A zero in front is checked, not searched for: programs are full of zeros, and it is ten times faster. */
function* occurrences(bytes: Bytes, anchor: Buffer): Iterable<number> {
  const zero = anchor[0] === 0 ? 1 : 0
  const sought = anchor.subarray(zero)
  let at = bytes.indexOf(sought)
  for (let hits = 0; at >= 0 && hits < hitLimit; hits++) {
    const start = at - zero
    if (zero === 0) yield start
    else if (start >= 0 && bytes.has(start, at) && bytes.slice(start, at)[0] === 0) yield start
    at = bytes.indexOf(sought, at + 1)
  }
}

function agrees(version: string, nameVersion: string | undefined): boolean {
  if (nameVersion === undefined || version === nameVersion) return true
  return version.startsWith(nameVersion) && !/^\d/.test(version.slice(nameVersion.length))
}

function isProgram({ bytes }: LayerFile): boolean {
  if (bytes.size < 4) return false
  const head = bytes.slice(0, 4)
  return programMagics.has(head.readUInt32BE(0)) || head.toString('latin1', 0, 2) === 'MZ'
}
