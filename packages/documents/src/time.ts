const shape = /^\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2}))?$/

/** An RFC 3339 time as the document formats want it, in UTC; undefined when the text is none. A day is its midnight. */
export function timestamp(text: string | undefined): string | undefined {
  if (!text || !shape.test(text)) return undefined
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString()
}
