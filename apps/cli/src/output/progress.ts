import type { AssessmentEvent } from '@lanner/assessment'
import { formatPlatform, shortDigest } from '@lanner/model'
import type { Terminal } from '../command.ts'
import { counted, formatBytes, formatDuration, printable } from './text.ts'

/**
 * Tells on `err` what an assessment does: a line per layer once it is read, and on a terminal one more that moves while
 * it is being read. Silent when quiet.
 */
export function progressReporter(
  terminal: Terminal,
  quiet: boolean,
): { onEvent(event: AssessmentEvent): void; finish(): void } {
  if (quiet) return { onEvent: () => {}, finish: () => {} }
  let moving = false
  const clear = (): void => {
    if (moving) terminal.err.write('\r\u001b[K')
    moving = false
  }
  const line = (text: string): void => {
    clear()
    terminal.err.write(`${printable(text)}\n`)
  }
  return {
    onEvent(event) {
      switch (event.kind) {
        case 'image':
          line(
            `image ${shortDigest(event.manifestDigest)} ${formatPlatform(event.platform)}: ${counted(event.layers, 'layer')}, ${formatBytes(event.size)}`,
          )
          break
        case 'layer-progress': {
          if (!terminal.interactive) break
          const share = event.size > 0 ? Math.min(100, Math.floor((100 * event.read) / event.size)) : 0
          clear()
          terminal.err.write(
            `layer ${event.index + 1}/${event.of} ${shortDigest(event.digest)} ${share} % of ${formatBytes(event.size)}`,
          )
          moving = true
          break
        }
        case 'layer-done': {
          const how = event.cached ? 'known' : formatDuration(event.took)
          line(
            `layer ${event.index + 1}/${event.of} ${shortDigest(event.digest)} ${formatBytes(event.size)} -> ${formatBytes(event.inflatedSize)}, ${counted(event.packages, 'package')}, ${how}`,
          )
          break
        }
        case 'matched':
          line(`matched ${counted(event.packages, 'package')} in ${formatDuration(event.took)}`)
          break
        case 'warning':
          line(`warning: ${event.message}`)
          break
      }
    },
    finish: clear,
  }
}
