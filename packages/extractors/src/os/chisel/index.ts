import { defineExtractor, ExtractFault, type LayerFile, MiB, type Observation } from '../../extractor.ts'
import { lines } from '../../formats/lines.ts'
import { inflateZstd, isZstd } from '../../formats/zstd.ts'
import { isDeclaredWord, Unread } from '../declared.ts'

const inflatedLimit = 64 * MiB
const recordLimit = 1_000_000

/**
 * The manifest that Chisel leaves in images cut from Ubuntu packages: JSON lines in a zstd frame, the first of them
 * `{"jsonwall":"1.0",…}`. https://documentation.ubuntu.com/chisel/en/latest/reference/manifest/
 */
export const chisel = defineExtractor({
  id: 'os/chisel',
  revision: 1,
  finds: 'packages whose slices Chisel installed (chiselled Ubuntu)',
  wants: { paths: ['var/lib/chisel/manifest.wall'] },
  maxBytes: 64 * MiB,
  *extract(file: LayerFile): Generator<Observation> {
    const content = file.bytes.slice(0)
    if (content.length === 0) return
    const text = (isZstd(content) ? inflateZstd(content, inflatedLimit) : content).toString('utf8')
    if (readRecord(text.slice(0, 4096).split('\n', 1)[0])?.['jsonwall'] === undefined) {
      throw new ExtractFault(
        'malformed',
        `${file.path} is no Chisel manifest: its first line names no jsonwall version`,
      )
    }
    const unread = new Unread('malformed')
    const owned = new Map<string, string[]>()
    let records = 0
    for (const line of lines(text)) {
      if (line === '') continue
      if (++records > recordLimit)
        throw new ExtractFault('limit-exceeded', `more than ${recordLimit} records in ${file.path}`)
      const record = readRecord(line)
      if (record === undefined) unread.add(`line ${records} of ${file.path} is no JSON object`)
      else if (record['kind'] === 'content') collectPath(record, owned)
      else if (record['kind'] === 'package') yield* observePackage(record, unread, file.path)
    }
    for (const [owner, paths] of owned) yield { kind: 'ownership', owner, paths }
    yield* unread.observations()
  },
})

type JsonRecord = Readonly<Record<string, unknown>>

function readRecord(line: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as JsonRecord)
      : undefined
  } catch {
    return undefined
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function* observePackage(record: JsonRecord, unread: Unread, path: string): Generator<Observation> {
  const name = textOf(record['name'])
  const version = textOf(record['version'])
  if (!isDeclaredWord(name) || !isDeclaredWord(version)) {
    unread.add(`a package record of ${path} has no readable name and version`)
    return
  }
  const arch = textOf(record['arch'])
  yield {
    kind: 'package',
    type: 'deb',
    name,
    version,
    ...(isDeclaredWord(arch) ? { arch } : {}),
    confidence: 'declared',
  }
}

/** A slice is named `package_slice`; package names have no underscore. Folders, which end in a slash, belong to nobody. */
function collectPath(record: JsonRecord, owned: Map<string, string[]>): void {
  const owner = textOf(record['slice'])?.split('_', 1)[0]
  const path = textOf(record['path'])
  if (!owner || !path || path.endsWith('/')) return
  const paths = owned.get(owner)
  if (paths) paths.push(path)
  else owned.set(owner, [path])
}
