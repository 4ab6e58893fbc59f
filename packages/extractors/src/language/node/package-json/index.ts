import { defineExtractor, MiB } from '../../../extractor.ts'
import { isJsonObject, type JsonObject, listMember, readJsonObject, textMember } from '../../json-document.ts'

/**
 * Packages by their package.json. https://docs.npmjs.com/cli/configuring-npm/package-json
 *
 * - Directly at `node_modules/<name>/` or `node_modules/@scope/<name>/`, wherever that folder is (nested, pnpm's `.pnpm`,
 *   Yarn's `unplugged`), and likewise in Debian's `usr/share/nodejs/` and `usr/lib/nodejs/`: installed, `declared`.
 * - Deeper inside such a package's own folders (`dist/esm/package.json`, `test/fixtures/package.json`): part of that
 *   package, not a package, and not read.
 * - Anywhere else (an application's own, a bundled tool): `inferred`, unless it lies under a folder of tests or examples.
 *
 * Lock files are no evidence of what is installed in an image and are not read.
 */
export const nodePackageJson = defineExtractor({
  id: 'language/node/package-json',
  revision: 2,
  finds: 'npm packages in node_modules and in the folders of Debian, and applications with a package.json',
  wants: { paths: ['**/package.json'] },
  maxBytes: 4 * MiB,
  *extract(file) {
    const place = placeOf(file.path)
    if (place === 'part') return
    const document = readJsonObject(file)
    const fullName = textMember(document, 'name', 214)
    const version = textMember(document, 'version', 256)
    if (fullName === undefined || version === undefined) return
    const name = nameShape.exec(fullName)?.groups
    // What is installed counts with whatever version it states: one that has no order is told as unknown, not left out.
    if (!name || (place !== 'installed' && !versionShape.test(version))) return
    const licenses = licensesOf(document)
    yield {
      kind: 'package',
      type: 'npm',
      ...(name['scope'] ? { namespace: name['scope'] } : {}),
      name: name['name'],
      version,
      ...(licenses.length > 0 ? { licenses } : {}),
      confidence: place === 'installed' ? 'declared' : 'inferred',
    }
  },
})

const nameShape = /^(?:(?<scope>@[\w~.-]+)\/)?(?<name>[\w~.!'()*-]+)$/
/** npm refuses to install what is no semantic version; a leading `v` or `=` it forgives. */
const versionShape = /^[v=]{0,2}\d[\w.+-]*$/

const testFolder = /(?:^|\/)(?:tests?|__tests?__|fixtures?|__fixtures__|testdata|examples?|templates?)\//

/** `part`: inside a package's own folders. */
type Place = 'installed' | 'part' | 'elsewhere'

/** Exported for its tests. */
export function placeOf(path: string): Place {
  const start = packageRoot(path)
  if (start < 0) return testFolder.test(path) ? 'part' : 'elsewhere'
  const first = path.indexOf('/', start)
  if (first < 0) return 'part'
  const second = path.indexOf('/', first + 1)
  if (path[start] !== '@') return second < 0 ? 'installed' : 'part'
  return second > 0 && path.indexOf('/', second + 1) < 0 ? 'installed' : 'part'
}

/** Where the innermost folder of packages begins; -1 when the file is in none. */
function packageRoot(path: string): number {
  const marker = 'node_modules/'
  for (let at = path.lastIndexOf(marker); at >= 0; at = at === 0 ? -1 : path.lastIndexOf(marker, at - 1)) {
    if (at === 0 || path[at - 1] === '/') return at + marker.length
  }
  for (const root of ['usr/share/nodejs/', 'usr/lib/nodejs/']) if (path.startsWith(root)) return root.length
  return -1
}

/** `license` as text or `{ type }`, and the `licenses` list of old, which npm still shows. */
function licensesOf(document: JsonObject): string[] {
  const stated = Object.hasOwn(document, 'license') ? document['license'] : undefined
  const candidates = Array.isArray(stated) ? stated : [stated, ...listMember(document, 'licenses')]
  const licenses = new Set<string>()
  for (const candidate of candidates.slice(0, 64)) {
    const text = isJsonObject(candidate)
      ? (textMember(candidate, 'type') ?? textMember(candidate, 'name'))
      : candidate
    if (typeof text === 'string' && text.trim() !== '' && text.length <= 512) licenses.add(text.trim())
  }
  return [...licenses]
}
