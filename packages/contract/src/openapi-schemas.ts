import type { TSchema } from 'typebox'
import { ApiError, Meta } from './parts.ts'

/** A JSON value of the document. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [member: string]: Json | undefined }

/** Schemas that have a name although they have no title: every answer holds them. */
const named = new Map<unknown, string>([
  [Meta, 'Meta'],
  [ApiError, 'ApiError'],
])

/** Keeps the schemas that have a name apart from where they are used. */
export class SchemaComponents {
  readonly #schemas = new Map<string, Json>()

  /** The schema as it stands in the document: the named parts of it, and itself if it is named, are references. */
  use(schema: TSchema): Json {
    return this.#part(schema)
  }

  /** By name, sorted. */
  all(): Readonly<Record<string, Json>> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  #part(part: unknown): Json {
    if (Array.isArray(part)) return part.map((each) => this.#part(each))
    // What is no object is a keyword's plain value; schemas are data.
    if (typeof part !== 'object' || part === null) return part as Json
    const name = named.get(part) ?? (part as { title?: unknown }).title
    // A member may be called `title` too, but its schema is no text.
    if (typeof name !== 'string') return this.#members(part)
    if (!this.#schemas.has(name)) {
      // Taken before its parts are looked at: a record may hold itself.
      this.#schemas.set(name, {})
      this.#schemas.set(name, this.#members(part))
    }
    return { $ref: `#/components/schemas/${name}` }
  }

  #members(part: object): Json {
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, this.#part(value)]))
  }
}
