import { printable } from '../printable.ts'

/**
 * Text of advisories and images on its way into SARIF. It is written by strangers, and viewers render it: control and
 * bidirectional characters are taken out, Markdown is made inert.
 */

/**
 * A plain-text message: braces would be placeholders (SARIF 2.1.0, 3.11.5) and `[text](target)` an embedded link (3.11.6).
 */
export function messageText(text: string, most?: number): string {
  return printable(text, most).replaceAll('](', '] (').replaceAll('{', '{{').replaceAll('}', '}}')
}

/** Inert Markdown: every ASCII punctuation is escaped, so that no HTML, link or bare address comes out; one line. */
export function markdownText(text: string, most?: number): string {
  return printable(text, most)
    .replace(/\s+/g, ' ')
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[!"#$%'()*+,\-./:=?@[\\\]^_`{|}~]/g, (character) =>
      // Braces are placeholders in SARIF, in Markdown too.
      character === '{' ? '\\{{' : character === '}' ? '\\}}' : `\\${character}`,
    )
}
