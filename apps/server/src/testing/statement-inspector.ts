/** What was sent in this process: each text with how often, and why it may read every tenant if it may. */
const seen = new Map<string, { count: number; everyTenant?: string }>()

/** Every distinct statement that tests of this process sent so far. */
export function statementsSeen(): ReadonlyMap<
  string,
  { readonly count: number; readonly everyTenant?: string }
> {
  return seen
}

export interface StatementInspector {
  readonly inspect: (text: string) => void
  /** Texts that touch a customer's table and do not mention `cid`. */
  readonly violations: string[]
}

const everyTenant = /\/\* every tenant: (.+?) \*\//

/**
 * Holds statements to naming `cid` wherever they touch one of the tables. What works for all tenants alike says so by a
 * comment: `every tenant: <reason>`.
 */
export function statementInspector(tenantTables: readonly string[]): StatementInspector {
  const tables = new Set(tenantTables)
  const violations: string[] = []
  const inspect = (text: string) => {
    const reason = everyTenant.exec(text)?.[1]
    const entry = seen.get(text) ?? { count: 0, ...(reason === undefined ? {} : { everyTenant: reason }) }
    entry.count++
    seen.set(text, entry)
    if (reason !== undefined || entry.count > 1 || /\bcid\b/.test(stripped(text))) return
    const touched = tablesOf(text).filter((name) => tables.has(name))
    if (touched.length > 0) {
      seen.delete(text)
      violations.push(text)
      throw new Error(`a statement on ${touched.join(', ')} does not take cid: ${text}`)
    }
  }
  return { inspect, violations }
}

/** Without comments and string literals. */
function stripped(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|--[^\n]*|'(?:[^']|'')*'/g, ' ')
}

/** Names that stand where SQL wants a table. */
export function tablesOf(text: string): string[] {
  const names: string[] = []
  const name = '(?:"?public"?\\.)?"?(\\w+)"?'
  const start = new RegExp(
    `\\b(?:from|join|into|update|using|copy|table|only)\\s+(?:only\\s+|lateral\\s+)?${name}`,
    'gi',
  )
  const next = new RegExp(
    `^(?:\\s+as)?(?:\\s+(?!where\\b|join\\b|on\\b|set\\b)"?\\w+"?)?\\s*,\\s*${name}`,
    'i',
  )
  const body = stripped(text)
  for (const match of body.matchAll(start)) {
    names.push(match[1] ?? '')
    let rest = body.slice(match.index + match[0].length)
    for (let more = next.exec(rest); more; more = next.exec(rest)) {
      names.push(more[1] ?? '')
      rest = rest.slice(more[0].length)
    }
  }
  return names
}
