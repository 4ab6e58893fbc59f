/** Which methods a path takes: to tell a wrong method from a wrong path. */
export interface RouteTable {
  /** A pattern as the router has it: `/policies/:id`, `/v2/*`. */
  add(method: string | readonly string[], pattern: string): void
  methodsOf(path: string): readonly string[]
}

export function routeTable(): RouteTable {
  const exact = new Map<string, Set<string>>()
  const patterns = new Map<string, { readonly segments: readonly string[]; readonly methods: Set<string> }>()
  return {
    add(method, pattern) {
      const methods = methodsAt(pattern)
      for (const each of typeof method === 'string' ? [method] : method) methods.add(each)
    },
    methodsOf(path) {
      const segments = path.split('/')
      const found = new Set(exact.get(path))
      for (const pattern of patterns.values())
        if (fits(pattern.segments, segments)) for (const method of pattern.methods) found.add(method)
      return [...found].sort()
    },
  }

  function methodsAt(pattern: string): Set<string> {
    const parametric = /(?:^|[^:]):(?!:)|\*/.test(pattern)
    if (!parametric) {
      const path = pattern.replaceAll('::', ':')
      const methods = exact.get(path) ?? new Set<string>()
      exact.set(path, methods)
      return methods
    }
    const entry = patterns.get(pattern) ?? { segments: pattern.split('/'), methods: new Set<string>() }
    patterns.set(pattern, entry)
    return entry.methods
  }
}

function fits(pattern: readonly string[], path: readonly string[]): boolean {
  for (let index = 0; index < pattern.length; index++) {
    const segment = pattern[index]!
    if (segment === '*') return path.length > index
    const given = path[index]
    if (given === undefined) return false
    if (segment.startsWith(':') && !segment.startsWith('::')) {
      if (given === '') return false
    } else if (segment.replaceAll('::', ':') !== given) return false
  }
  return path.length === pattern.length
}
