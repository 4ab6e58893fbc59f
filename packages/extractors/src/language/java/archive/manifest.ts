/** Headers by their name in lower case. */
export type Manifest = ReadonlyMap<string, string>

const textLimit = 256 * 1024
const sectionLimit = 32

/**
 * The main section of a MANIFEST.MF. Where it names neither title nor bundle, what the first section with a title of its
 * own says of implementation and specification is added: old Ant builds describe their one package there.
 * https://docs.oracle.com/en/java/javase/21/docs/specs/jar/jar.html#jar-manifest
 */
export function parseManifest(text: string): Manifest {
  const sections = readSections(text.length > textLimit ? text.slice(0, textLimit) : text)
  const main = new Map(sections[0])
  if (main.has('implementation-title') || main.has('bundle-symbolicname')) return main
  const titled = sections.slice(1).find((section) => section.has('implementation-title'))
  for (const [key, value] of titled ?? []) {
    if (/^(?:implementation|specification)-/.test(key) && !main.has(key)) main.set(key, value)
  }
  return main
}

function readSections(text: string): Map<string, string>[] {
  const sections: Map<string, string>[] = []
  let section = new Map<string, string>()
  let last: string | undefined
  for (const line of text.split(/\r\n|\n|\r/)) {
    if (line === '') {
      if (section.size === 0) continue
      sections.push(section)
      if (sections.length === sectionLimit) return sections
      section = new Map()
      last = undefined
      continue
    }
    if (line[0] === ' ') {
      if (last !== undefined) section.set(last, section.get(last) + line.slice(1))
      continue
    }
    const colon = line.indexOf(':')
    last = undefined
    if (colon <= 0) continue
    const key = line.slice(0, colon).toLowerCase()
    if (section.has(key)) continue
    last = key
    section.set(key, line.slice(colon + 1).trimStart())
  }
  if (section.size > 0) sections.push(section)
  return sections
}

/** Licences of `Bundle-License`: `Apache-2.0;link="…", MIT`; names or addresses as written. */
export function manifestLicenses(manifest: Manifest): string[] {
  const licenses: string[] = []
  for (const clause of splitOutsideQuotes(manifest.get('bundle-license') ?? '')) {
    const license = clause
      .split(';', 1)[0]
      .trim()
      .replace(/^"([^"]*)"$/, '$1')
    if (license !== '' && license.length <= 200 && !/^<?<?EXTERNAL>?>?$/.test(license)) licenses.push(license)
  }
  return licenses
}

function splitOutsideQuotes(text: string): string[] {
  const parts: string[] = []
  let quoted = false
  let start = 0
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '"') quoted = !quoted
    if (text[at] !== ',' || quoted) continue
    parts.push(text.slice(start, at))
    start = at + 1
  }
  parts.push(text.slice(start))
  return parts
}
