/** Text of images, policies and advisories may hold control characters: a terminal or a log must never act on them. */
const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g

/** At most so many characters, none of which a terminal acts on; line breaks stay where they are wanted. */
export function clipped(text: string, most: number, lines = false): string {
  const short = text.length > most ? `${text.slice(0, Math.max(0, most - 1))}…` : text
  return short.replaceAll(unprintable, (character) => (lines && character === '\n' ? character : '\ufffd'))
}
