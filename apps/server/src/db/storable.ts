// Neither NUL nor half of a surrogate pair can be stored as PostgreSQL text or jsonb, and what images say of themselves may
// hold both. https://www.postgresql.org/docs/current/datatype-json.html

/** The text with U+FFFD for every character that cannot be stored. */
export function storableText(text: string): string {
  const whole = text.isWellFormed() ? text : text.toWellFormed()
  return whole.includes('\0') ? whole.replaceAll('\0', '\ufffd') : whole
}

/** JSON of a value, names and texts within it made storable. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value)
  // The escapes may also be an escaped backslash and letters behind it: then nothing is lost but time.
  return /\\u(?:0000|d[89a-f])/i.test(json) ? JSON.stringify(cleaned(value)) : json
}

function cleaned(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(cleaned)
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([name, item]) => [storableText(name), cleaned(item)] as const)
  return Object.fromEntries(entries)
}
