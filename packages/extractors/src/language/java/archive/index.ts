import type { Bytes } from '../../../bytes.ts'
import { defineExtractor, ExtractFault, MiB, type Observation } from '../../../extractor.ts'
import { readZipEntries, readZipEntry, type ZipEntry } from '../../../formats/zip.ts'
import { archiveStem, type Coordinates, parsePomProperties } from './coordinates.ts'
import { type Identity, inferIdentity, ownCoordinates } from './identity.ts'
import { type Manifest, manifestLicenses, parseManifest } from './manifest.ts'

const endings = ['jar', 'war', 'ear', 'par', 'sar', 'nar', 'kar', 'hpi', 'jpi', 'lpkg'] as const
const nestedArchive = new RegExp(`\\.(?:${endings.join('|')})$`, 'i')

/** What most names end in, and no wanted one. */
const classFile = Buffer.from('.class')

/** Archives inside the archive, the outermost not counted. */
const depthLimit = 10
const archiveLimit = 10_000
const manifestLimit = 4 * MiB
const propertiesLimit = 64 * 1024
const nestedLimit = 200 * MiB
/** Pom.properties read per archive; a shaded one has some dozens. */
const coordinatesLimit = 4096

/**
 * Java archives: every pom.properties in them (their own and those of shaded libraries), else what manifest and file name
 * say, and the archives inside, to a depth of ten. https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html
 */
export const javaArchive = defineExtractor({
  id: 'language/java/archive',
  revision: 3,
  finds: 'Java libraries in jar, war, ear and plugin archives, nested and shaded ones included',
  wants: { paths: endings.map((ending) => `**/*.${ending}`) },
  maxBytes: 200 * MiB,
  *extract(file) {
    // What may be inflated in all: nested archives are compressed already, so a real one stays near its own size.
    const budget = { bytes: Math.min(1024 * MiB, 64 * MiB + 8 * file.size), archives: archiveLimit }
    yield* readArchive(file.bytes, { stem: archiveStem(file.path), depth: 0, budget })
  },
})

interface Place {
  readonly stem: string
  /** Path inside the outermost archive; absent for that one itself. */
  readonly inner?: string
  readonly depth: number
  readonly budget: { bytes: number; archives: number }
}

function* readArchive(bytes: Bytes, place: Place): Iterable<Observation> {
  // A file of no bytes (a placeholder, a mount point) holds nothing that could be missed.
  if (bytes.size === 0) return
  const entries = readZipEntries(bytes, isWanted, classFile)
  const problems: Observation[] = []
  const read = (entry: ZipEntry, limit: number): Bytes | undefined => {
    try {
      return readWithin(bytes, entry, limit, place.budget)
    } catch (fault) {
      problems.push(problemOf(fault, innerPath(place, entry.name)))
      return undefined
    }
  }
  yield* readPackages(entries, read, place)
  for (const entry of entries) {
    if (!nestedArchive.test(entry.name)) continue
    const inner = innerPath(place, entry.name)
    if (place.depth === depthLimit) {
      problems.push(
        problem('limit-exceeded', `archives nested deeper than ${depthLimit} are not read`, inner),
      )
      break
    }
    if (place.budget.archives-- <= 0) {
      problems.push(problem('limit-exceeded', `over ${archiveLimit} nested archives`, inner))
      break
    }
    const nested = read(entry, nestedLimit)
    if (!nested) continue
    try {
      yield* readArchive(nested, { ...place, stem: archiveStem(entry.name), inner, depth: place.depth + 1 })
    } catch (fault) {
      problems.push(problemOf(fault, inner))
    }
  }
  yield* problems
}

function* readPackages(
  entries: readonly ZipEntry[],
  read: (entry: ZipEntry, limit: number) => Bytes | undefined,
  place: Place,
): Iterable<Observation> {
  const manifestEntry = entries.find((entry) => entry.name === 'META-INF/MANIFEST.MF')
  const manifest: Manifest = parseManifest(
    (manifestEntry && read(manifestEntry, manifestLimit)?.text()) ?? '',
  )
  const found = new Map<string, Coordinates>()
  const folders: [group: string, artifact: string][] = []
  let files = 0
  for (const entry of entries) {
    const folder = pomFolder(entry.name)
    if (folder) folders.push(folder)
    if (!isPomProperties(entry.name)) continue
    if (++files > coordinatesLimit) {
      yield problem('limit-exceeded', `over ${coordinatesLimit} pom.properties`, place.inner)
      break
    }
    const stated = parsePomProperties(read(entry, propertiesLimit)?.text() ?? '')
    if (!stated) continue
    const group = stated.group ?? (folder?.[1] === stated.artifact ? folder[0] : undefined)
    const coordinates = { ...stated, ...(group ? { group } : {}) }
    found.set(`${group ?? ''}:${stated.artifact}:${stated.version}`, coordinates)
  }
  const licenses = manifestLicenses(manifest)
  const all = [...found.values()]
  const own = ownCoordinates(place.stem, all)
  for (const coordinates of all) {
    yield packageOf(
      { ...coordinates, confidence: coordinates.group ? 'embedded' : 'inferred' },
      coordinates === own ? licenses : [],
      place,
    )
  }
  const inferred = own ? undefined : inferIdentity(place.stem, manifest, folders)
  if (!inferred) return
  const known = all.some(
    ({ artifact, version }) => artifact === inferred.artifact && version === inferred.version,
  )
  if (!known) yield packageOf(inferred, licenses, place)
}

function packageOf(identity: Identity, licenses: readonly string[], place: Place): Observation {
  return {
    kind: 'package',
    type: 'maven',
    ...(identity.group ? { namespace: identity.group } : {}),
    name: identity.artifact,
    version: identity.version,
    ...(licenses.length > 0 ? { licenses } : {}),
    confidence: identity.confidence,
    ...(place.inner ? { inner: place.inner } : {}),
  }
}

function isWanted(name: string): boolean {
  return (
    name === 'META-INF/MANIFEST.MF' ||
    isPomProperties(name) ||
    pomFolder(name) !== undefined ||
    nestedArchive.test(name)
  )
}

function isPomProperties(name: string): boolean {
  return name === 'pom.properties' || name.endsWith('/pom.properties')
}

/** Group and artifact of `META-INF/maven/<group>/<artifact>/pom.xml` or its neighbour. */
function pomFolder(name: string): [group: string, artifact: string] | undefined {
  if (!name.startsWith('META-INF/maven/')) return undefined
  const parts = name.split('/')
  if (parts.length !== 5 || !(parts[4] === 'pom.xml' || parts[4] === 'pom.properties')) return undefined
  return parts[2] !== '' && parts[3] !== '' ? [parts[2], parts[3]] : undefined
}

function readWithin(bytes: Bytes, entry: ZipEntry, limit: number, budget: { bytes: number }): Bytes {
  // A stored entry is a view and costs nothing.
  if (entry.method !== 0) {
    if (entry.size > budget.bytes) {
      throw new ExtractFault('limit-exceeded', `${entry.name} exceeds what may be inflated from one archive`)
    }
    budget.bytes -= entry.size
  }
  return readZipEntry(bytes, entry, limit)
}

function innerPath(place: Place, name: string): string {
  return place.inner ? `${place.inner}!${name}` : name
}

function problemOf(fault: unknown, inner: string): Observation {
  if (fault instanceof ExtractFault) return problem(fault.code, fault.message, inner)
  throw fault
}

function problem(code: ExtractFault['code'], message: string, inner: string | undefined): Observation {
  return { kind: 'problem', code, message, ...(inner ? { inner } : {}) }
}
