/** Lines of a text without their line ends (LF or CRLF); a final line end begins no further line. */
export function* lines(text: string): Generator<string> {
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    const end = newline < 0 ? text.length : newline
    yield text.slice(at, end > at && text.charCodeAt(end - 1) === 0x0d ? end - 1 : end)
    at = end + 1
  }
}
