import { createInterface } from 'node:readline/promises'
import type { Terminal } from '../command.ts'

/** Whether somebody is there who could answer. */
export function canAsk(terminal: Terminal): boolean {
  return terminal.interactive && terminal.in?.isTTY === true
}

/** Asks on the terminal; only `y` and `yes` say yes. */
export async function agreed(terminal: Terminal, question: string, signal: AbortSignal): Promise<boolean> {
  if (!terminal.in) return false
  const lines = createInterface({ input: terminal.in, output: terminal.err, terminal: false })
  try {
    terminal.err.write(`${question} [y/N] `)
    const { value } = await Promise.race([
      lines[Symbol.asyncIterator]().next(),
      new Promise<never>((_, fail) => {
        signal.addEventListener('abort', () => fail(signal.reason), { once: true })
      }),
    ])
    return /^\s*y(?:es)?\s*$/i.test(value ?? '')
  } finally {
    lines.close()
  }
}
