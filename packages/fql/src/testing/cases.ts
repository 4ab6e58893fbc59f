import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The lines `input ⇒ expected` of a file in `cases/`; `#` begins a comment. */
export function cases(file: string): readonly { readonly input: string; readonly expected: string }[] {
  const text = readFileSync(join(import.meta.dirname, '../../cases', file), 'utf8')
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [input, expected, ...more] = line.split(' ⇒ ')
      if (expected === undefined || more.length > 0) throw new Error(`${file}: no case: ${line}`)
      return { input, expected }
    })
}
