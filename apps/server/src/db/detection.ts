import { sql } from 'kysely'
import type { Database } from './database.ts'

export interface StoredDetection {
  readonly detection_id: string
  readonly type: string
  readonly name: string
  readonly title: string
  readonly description: string
  readonly remediation: string
  readonly severity: number
  readonly details: object
  readonly first_seen: Date
  readonly last_seen: Date
}

/** What was detected in an image's content. Global: the caller came by the digest through an image of its tenant. */
export async function detectionsOf(database: Database, digest: string): Promise<readonly StoredDetection[]> {
  const { rows } = await sql<StoredDetection>`
    select detection_id, type, name, title, description, remediation, severity, details, first_seen, last_seen
    from detection where digest = ${digest} order by severity desc, type, name, detection_id`.execute(
    database,
  )
  return rows
}
