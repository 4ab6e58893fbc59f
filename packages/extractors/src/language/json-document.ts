import { ExtractFault, type LayerFile } from '../extractor.ts'

export type JsonObject = Readonly<Record<string, unknown>>

/** The file as JSON. Throws `ExtractFault` `malformed` where it is none. */
export function readJson(file: LayerFile): unknown {
  try {
    return JSON.parse(file.bytes.text())
  } catch (cause) {
    if (cause instanceof ExtractFault) throw cause
    throw new ExtractFault(
      'malformed',
      `${file.path} is not JSON: ${(cause as Error).message.slice(0, 200)}`,
      { cause },
    )
  }
}

/** The file as one JSON object. Throws `ExtractFault` `malformed` for anything else. */
export function readJsonObject(file: LayerFile): JsonObject {
  const value = readJson(file)
  if (!isJsonObject(value)) throw new ExtractFault('malformed', `${file.path} holds no JSON object`)
  return value
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The own member as trimmed text; undefined where it is absent, empty, no string, or longer than `limit`. */
export function textMember(object: JsonObject, key: string, limit = 512): string | undefined {
  if (!Object.hasOwn(object, key)) return undefined
  const value = object[key]
  if (typeof value !== 'string' || value.length > limit) return undefined
  const text = value.trim()
  return text === '' ? undefined : text
}

/** The elements of an own member that is a list; an empty list otherwise. */
export function listMember(object: JsonObject, key: string): readonly unknown[] {
  const value = Object.hasOwn(object, key) ? object[key] : undefined
  return Array.isArray(value) ? value : []
}
