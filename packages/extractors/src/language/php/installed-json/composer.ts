import { ExtractFault, type PackageObservation } from '../../../extractor.ts'
import { isJsonObject, type JsonObject, listMember, textMember } from '../../json-document.ts'

const nameShape = /^(?<vendor>[\w.-]+)\/(?<name>[\w.-]+)$/

/**
 * The packages of Composer 1's installed.json (a list), Composer 2's (an object with `packages` and the names of those
 * that only development needs) and of a composer.lock (`packages`, `packages-dev`), which share their entries.
 * Throws `ExtractFault` `malformed` for any other shape. https://getcomposer.org/schema.json
 */
export function* composerPackages(document: unknown, path: string): Iterable<PackageObservation> {
  if (Array.isArray(document)) {
    yield* readList(document, () => false)
    return
  }
  if (!isJsonObject(document) || !Array.isArray(document['packages'])) {
    throw new ExtractFault('malformed', `${path} holds no list of Composer packages`)
  }
  const development = new Set(listMember(document, 'dev-package-names'))
  yield* readList(document['packages'], (name) => development.has(name))
  yield* readList(listMember(document, 'packages-dev'), () => true)
}

function* readList(
  list: readonly unknown[],
  isDevelopment: (name: string) => boolean,
): Iterable<PackageObservation> {
  for (const entry of list) {
    if (!isJsonObject(entry)) continue
    const fullName = textMember(entry, 'name')
    const version = textMember(entry, 'version')
    const parts = nameShape.exec(fullName ?? '')?.groups
    if (!fullName || !version || !parts) continue
    const licenses = licensesOf(entry)
    yield {
      kind: 'package',
      type: 'composer',
      namespace: parts['vendor'],
      name: parts['name'],
      version,
      ...(licenses.length > 0 ? { licenses } : {}),
      ...(isDevelopment(fullName) ? { development: true } : {}),
      confidence: 'declared',
    }
  }
}

function licensesOf(entry: JsonObject): string[] {
  const single = textMember(entry, 'license')
  const stated = single ? [single] : listMember(entry, 'license')
  return stated.filter((license) => typeof license === 'string' && license !== '').slice(0, 64) as string[]
}
