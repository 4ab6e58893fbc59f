/** Whether a text fits: `*` stands for any run of characters, everything else for itself. Linear in the text. */
export interface Pattern {
  /** What every fitting text begins with. */
  readonly prefix: string
  readonly fits: (text: string) => boolean
}

/** Reads a pattern; one without a star fits only itself. */
export function pattern(source: string): Pattern {
  const parts = source.split('*')
  const prefix = parts[0] ?? ''
  if (parts.length === 1) return { prefix, fits: (text) => text === source }
  const suffix = parts.at(-1) ?? ''
  const middle = parts.slice(1, -1).filter((part) => part !== '')
  if (middle.length === 0 && suffix === '') return { prefix, fits: (text) => text.startsWith(prefix) }
  const least = prefix.length + suffix.length
  return {
    prefix,
    fits: (text) => {
      if (text.length < least || !text.startsWith(prefix) || !text.endsWith(suffix)) return false
      // The leftmost place of each part leaves the most for the rest, so none has to be tried again.
      let from = prefix.length
      const end = text.length - suffix.length
      for (const part of middle) {
        const at = text.indexOf(part, from)
        if (at < 0 || at + part.length > end) return false
        from = at + part.length
      }
      return true
    },
  }
}
