import { lines } from './lines.ts'

const assignmentLimit = 1000
const valueLimit = 4096
const shape = /^(?<name>[A-Za-z_][A-Za-z0-9_]*)=/

/**
 * Assignments of an environment-like file that shells can source: os-release and lsb-release.
 * `NAME=word`, `NAME="text"`, `NAME='text'`, comments with `#`; no expansion. In double quotes a backslash escapes
 * `"`, `$`, `` ` `` and itself, in single quotes nothing, outside of quotes anything. The last assignment of a name wins;
 * a line of another shape is passed over, as the specification asks of readers. Unquoted spaces, which a shell would refuse,
 * belong to the value, as systemd reads them.
 * https://www.freedesktop.org/software/systemd/man/latest/os-release.html#Description
 */
export function shellAssignments(text: string): Map<string, string> {
  const values = new Map<string, string>()
  for (const line of lines(text)) {
    const assignment = line.trimStart()
    const name = shape.exec(assignment)?.groups?.['name']
    if (name === undefined) continue
    const value = unquote(assignment, name.length + 1)
    if (value !== undefined) values.set(name, value.slice(0, valueLimit))
    if (values.size >= assignmentLimit) break
  }
  return values
}

/** The shell word at `start`, quotes resolved; undefined when a quote is never closed. */
function unquote(line: string, start: number): string | undefined {
  let word = ''
  let quote = ''
  for (let at = start; at < line.length; at++) {
    const character = line[at]
    if (quote === "'") {
      if (character === quote) quote = ''
      else word += character
    } else if (character === '\\' && at + 1 < line.length) {
      const next = line[at + 1]
      if (quote === '' || '"\\$`'.includes(next)) {
        word += next
        at++
      } else word += character
    } else if (quote === '"') {
      if (character === quote) quote = ''
      else word += character
    } else if (character === '"' || character === "'") quote = character
    else if (isSpace(character)) {
      const end = endOfSpaces(line, at)
      if (end === line.length || line[end] === '#') break
      word += line.slice(at, end)
      at = end - 1
    } else word += character
  }
  return quote === '' ? word : undefined
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\t'
}

function endOfSpaces(line: string, start: number): number {
  let at = start
  while (at < line.length && isSpace(line[at])) at++
  return at
}
