import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

/** The values of a row, in the order of the columns that its target names. */
export type Row = readonly (string | number | boolean | null)[]
/** Puts rows into `table (column, …)`. */
export type Copy = (target: string, rows: Iterable<Row>) => Promise<void>

/** Rows in the text format of COPY. Nothing that is seeded has a backslash, a tab or a line break in it but what `bytes` gives. */
export function copyInto(client: pg.PoolClient): Copy {
  return async (target, rows) => {
    const stream = client.query(copyFrom(`copy ${target} from stdin`))
    await pipeline(Readable.from(chunks(rows), { objectMode: true, highWaterMark: 2 }), stream)
  }
}

function* chunks(rows: Iterable<Row>): Generator<Buffer> {
  let text = ''
  for (const row of rows) {
    let line = ''
    for (const value of row) line += `${line === '' ? '' : '\t'}${value === null ? '\\N' : value}`
    text += `${line}\n`
    if (text.length > 200_000) {
      yield Buffer.from(text)
      text = ''
    }
  }
  if (text !== '') yield Buffer.from(text)
}

export function* map<T>(items: Iterable<T>, row: (item: T) => Row): Generator<Row> {
  for (const item of items) yield row(item)
}

/** A value of type `bytea`. */
export function bytes(value: Buffer): string {
  return `\\\\x${value.toString('hex')}`
}
