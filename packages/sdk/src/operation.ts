/** What the client has to know of an operation; the table is printed from the contract. */
export interface OperationFacts {
  readonly collection: string
  /** As falconpy has it. */
  readonly name: string
  readonly summary: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'
  /** `/policies/{id}`. */
  readonly url: string
  /** What the answer is read as. */
  readonly answer: 'json' | 'bytes' | 'nothing'
  /** Ids that other clients have for it. */
  readonly alsoCalled?: readonly string[]
  /** The body goes as a form. */
  readonly form?: true
  /** No bearer token is sent: it is about tokens. */
  readonly tokenless?: true
  /** In the vendor's clouds it lives on the host that images are pushed to. */
  readonly uploadHost?: true
}

/** A value in a query: lists are repeated, times are written as RFC 3339, what is absent is left out. */
export type ParameterValue =
  | string
  | number
  | boolean
  | Date
  | readonly (string | number)[]
  | null
  | undefined

/** What goes with any call. */
export interface CallOptions {
  readonly signal?: AbortSignal
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>>
}

/** What goes with a call of an operation that is only known by its name. */
export interface CommandInput extends CallOptions {
  /** The query; members that the path has a place for go there. */
  readonly parameters?: Readonly<Record<string, ParameterValue>>
  readonly path?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** Path and query of a call. Throws TypeError where a part of the path is missing. */
export function targetOf(id: string, url: string, input: CommandInput): string {
  const inPath = new Set<string>()
  const path = url.replaceAll(/\{(?<name>\w+)\}/g, (_, name: string) => {
    inPath.add(name)
    const value = String(input.path?.[name] ?? input.parameters?.[name] ?? '')
    // As a segment these would lead to another operation.
    if (value === '' || value === '.' || value === '..')
      throw new TypeError(
        `${id}: ${name} belongs into the path, and ${JSON.stringify(value)} cannot stand there`,
      )
    return encodeURIComponent(value)
  })
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(input.parameters ?? {})) {
    if (inPath.has(name)) continue
    for (const each of Array.isArray(value) ? value : [value])
      if (each !== undefined && each !== null)
        query.append(name, each instanceof Date ? each.toISOString() : String(each))
  }
  return query.size > 0 ? `${path}?${query}` : path
}
