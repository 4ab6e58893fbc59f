/** C0 and C1 controls but tab and newline, and the characters that reorder text. https://www.unicode.org/reports/tr9/ */
const unprintable = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

/** A stranger's text without what would steer a terminal or disguise itself, cut at `most` characters. */
export function printable(text: string, most = 10_000): string {
  const clean = text.slice(0, most).toWellFormed().replace(unprintable, '')
  return text.length > most ? `${clean} …` : clean
}

/** The same on one line, for messages. */
export function quoted(text: string, most = 100): string {
  return printable(text, most).replace(/\s+/g, ' ')
}
