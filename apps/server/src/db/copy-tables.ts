import type pg from 'pg'
import { DatabaseFault } from './database-fault.ts'

/** A table as COPY reads and writes it; a partitioned one is one table. */
export interface CopyTable {
  readonly name: string
  /** Without generated columns: those are made again. */
  readonly columns: readonly string[]
  /** Columns whose numbers the database gives out. */
  readonly identities: readonly string[]
}

/** Every table of ours but the record of migrations, ordered so that each refers only to earlier ones and to itself. */
export async function copyTables(client: pg.ClientBase): Promise<CopyTable[]> {
  const { rows } = await client.query<CopyTable & { refers: string[] }>(
    `select c.relname as name,
       array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
         and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
       array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
         and not a.attisdropped and a.attidentity <> '' order by a.attnum) as identities,
       array(select distinct r.relname::text from pg_constraint k join pg_class r on r.oid = k.confrelid
         where k.conrelid = c.oid and k.contype = 'f' and r.oid <> c.oid) as refers
     from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> 'migration'
     order by c.relname collate "C"`,
  )
  const ordered: CopyTable[] = []
  const placed = new Set<string>()
  for (let left = rows; left.length > 0; ) {
    const free = left.filter(({ refers }) => refers.every((name) => placed.has(name)))
    if (free.length === 0)
      throw new DatabaseFault(
        'failed',
        `tables refer to each other: ${left.map(({ name }) => name).join(', ')}`,
      )
    for (const { name, columns, identities } of free) {
      ordered.push({ name, columns, identities })
      placed.add(name)
    }
    left = left.filter(({ name }) => !placed.has(name))
  }
  return ordered
}

/** A name as SQL takes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
