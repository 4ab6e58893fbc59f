const entities: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

/** Attributes of one start tag, entities of XML itself resolved; any other reference stays as written. */
export function readAttributes(tag: string): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const match of tag.matchAll(
    /\s(?<name>[\w:.-]+)\s{0,8}=\s{0,8}(?:"(?<double>[^"<]*)"|'(?<single>[^'<]*)')/g,
  )) {
    const { name, double, single } = match.groups ?? {}
    if (name && !attributes.has(name)) attributes.set(name, unescapeXml(double ?? single ?? ''))
  }
  return attributes
}

/** The text of the first `<name>` element without children; undefined when there is none. */
export function elementText(xml: string, name: string): string | undefined {
  const start = xml.search(new RegExp(`<${name}[\\s>]`))
  const open = start < 0 ? -1 : xml.indexOf('>', start)
  const end = open < 0 ? -1 : xml.indexOf('<', open)
  if (end < 0 || !xml.startsWith(`</${name}`, end) || xml[open - 1] === '/') return undefined
  return unescapeXml(xml.slice(open + 1, end)).trim() || undefined
}

/** Comments removed, so that nothing in them is taken for an element. */
export function withoutComments(xml: string): string {
  let kept = ''
  let at = 0
  for (let start = xml.indexOf('<!--'); start >= 0; start = xml.indexOf('<!--', at)) {
    kept += xml.slice(at, start)
    const end = xml.indexOf('-->', start + 4)
    if (end < 0) return kept
    at = end + 3
  }
  return kept + xml.slice(at)
}

function unescapeXml(text: string): string {
  return text.includes('&')
    ? text.replace(/&(\w{1,8});/g, (whole, name) => entities.get(name) ?? whole)
    : text
}
