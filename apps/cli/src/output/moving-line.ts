import type { Terminal } from '../command.ts'

/** A line on a terminal that says again and again how far it is; silent where nobody watches. */
export function movingLine(terminal: Terminal, text: () => string): { end(): void } {
  if (!terminal.interactive) return { end: () => {} }
  const timer = setInterval(() => void terminal.err.write(`\r\u001b[K${text()}`), 200)
  let ended = false
  return {
    end() {
      clearInterval(timer)
      if (!ended) terminal.err.write('\r\u001b[K')
      ended = true
    },
  }
}
