/**
 * Text of advisories and images on its way into SARIF. It is written by strangers, and viewers render it: control and
 * bidirectional characters are taken out, Markdown is made inert.
 */

/** C0 and C1 controls but tab and newline, and the characters that reorder text. https://www.unicode.org/reports/tr9/ */
const unprintable = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

export function printable(text: string, most = 10_000): string {
  const clean = text.slice(0, most).toWellFormed().replace(unprintable, '')
  return text.length > most ? `${clean} …` : clean
}

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
