import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A case: what is asked, the SQL it becomes, its parameters, and the ids of the rows. */
export interface Block {
  readonly input: string
  readonly text: string
  readonly parameters: unknown
  readonly rows: readonly number[]
}

/** The cases of a file in `cases/`: four lines each, the last three after `⇒`; `#` begins a comment. */
export function blocks(file: string): readonly Block[] {
  return readFileSync(join(import.meta.dirname, '../cases', file), 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .map((block) => {
      const [input, ...answers] = block.split('\n')
      const [text, parameters, rows] = answers.map((line) => line.replace(/^⇒ ?/, ''))
      if (rows === undefined || answers.length !== 3) throw new Error(`${file}: no case:\n${block}`)
      return {
        input,
        text,
        parameters: JSON.parse(parameters),
        rows: rows.split(' ').filter(Boolean).map(Number),
      }
    })
}
