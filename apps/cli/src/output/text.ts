import type { Severity } from '@lanner/model'
import type { Terminal } from '../command.ts'

/** `63.0 MB`: decimal units, as registries quote sizes. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let size = bytes
  let unit = 0
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000
    unit++
  }
  return unit === 0 ? `${bytes} B` : `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${units[unit]}`
}

export function formatDuration(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}

/** `12,345`; the formatter of Intl takes longer to load than most scans of known layers. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** `1 package`, `2 packages`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${grouped(count)} ${count === 1 ? noun : plural}`
}

const codes: Readonly<Record<Severity | 'bold' | 'dim' | 'good', string>> = {
  critical: '1;31',
  high: '31',
  medium: '33',
  low: '36',
  negligible: '2',
  unknown: '35',
  bold: '1',
  dim: '2',
  good: '32',
}

export function paint(terminal: Pick<Terminal, 'colour'>, style: keyof typeof codes, text: string): string {
  return terminal.colour ? `\u001b[${codes[style]}m${text}\u001b[0m` : text
}

/** Text of images and advisories may hold control characters; a terminal must never act on them. */
export function printable(text: string): string {
  return unprintable.test(text) ? text.replaceAll(new RegExp(unprintable, 'g'), '\ufffd') : text
}

const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/

/** Cuts in the middle, so that both ends of a path or a version stay readable. */
export function shorten(text: string, width: number): string {
  if (text.length <= width) return text
  const left = Math.ceil((width - 1) / 2)
  return `${text.slice(0, left)}…${text.slice(text.length - (width - 1 - left))}`
}

/** Columns padded to their widest cell; `limits` bounds the width of each. The last column is not padded. */
export function columns(rows: readonly (readonly string[])[], limits: readonly number[] = []): string[] {
  const widths: number[] = []
  for (const row of rows) {
    for (let at = 0; at < row.length; at++) {
      const width = Math.min(row[at].length, limits[at] ?? 200)
      if (!(widths[at] >= width)) widths[at] = width
    }
  }
  // Thousands of rows in a process that has just started: a gap is taken from a list, not made anew.
  const gaps = Array.from({ length: Math.max(0, ...widths) + 3 }, (_, width) => ' '.repeat(width))
  const lines = rows.map((row) => {
    const last = row.length - 1
    let line = ''
    for (let at = 0; at < last; at++) {
      const cell = row[at].length > widths[at] ? shorten(row[at], widths[at]) : row[at]
      line += cell + gaps[widths[at] + 2 - cell.length]
    }
    return line + shorten(row[last], widths[last])
  })
  // What stands for a character that is not shown is one character too, so the widths hold. Mostly there is none at all.
  const shown = unprintable.test(lines.join('')) ? lines.map(printable) : lines
  return shown.map((line) => line.trimEnd())
}

/** Breaks a text into lines at spaces. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  return [...lines, line]
}
