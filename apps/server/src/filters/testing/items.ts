import type { FieldFactTable } from '@lanner/fql'
import { type Expression, type Kysely, type SqlBool, sql } from 'kysely'
import { boolean, columns, number, rank, real, text, time, word } from '../columns.ts'

const severities = ['Low', 'Medium', 'High', 'Critical'] as const

/** A field of every kind, kept in every way. */
export const itemFields = {
  registry: { kind: 'text', sort: true },
  repository: { kind: 'text' },
  vulnerabilities: { kind: 'number' },
  score: { kind: 'number', sort: true },
  running: { kind: 'boolean' },
  first_seen: { kind: 'time', sort: true },
  uploaded: { kind: 'time', filter: false, sort: true },
  severity: { kind: 'word', words: severities, ordered: true, sort: true },
  worst: { kind: 'word', words: severities, ordered: true },
  rating: { kind: 'word', words: ['None', 'Low', 'High'], ordered: true, sort: true },
  source: { kind: 'word', words: ['push', 'registry'], sort: true },
  cve_id: { kind: 'text' },
  cve_severity: { kind: 'word', words: severities, ordered: true },
  container_id: { kind: 'text' },
  container_seen: { kind: 'time', sort: true },
} as const satisfies FieldFactTable

export const itemColumns = columns(itemFields, {
  registry: text(sql`item.registry`),
  repository: text(sql`item.repository`),
  vulnerabilities: number(sql`item.vulnerabilities`),
  score: real(sql`item.score`),
  running: boolean(sql`item.running`),
  first_seen: time(sql`item.first_seen`),
  uploaded: time(sql`item.uploaded`, { nullable: false }),
  severity: rank(sql`item.severity`),
  worst: rank(sql`item.worst`, { ranks: { Low: 20, Medium: 30, High: 40, Critical: 50 } }),
  rating: word(sql`item.rating`),
  source: word(sql`item.source`),
  cve_id: text((compare) => withCve(compare(sql`item_cve.cve_id`))),
  cve_severity: rank((compare) => withCve(compare(sql`item_cve.severity`))),
  container_id: text((compare) => withContainer(compare(sql`item_container.container_id`))),
  container_seen: time((compare) => withContainer(compare(sql`item_container.seen`)), {
    sort: sql`(select max(item_container.seen) from item_container where item_container.item_id = item.id)`,
  }),
})

function withCve(condition: Expression<SqlBool>): Expression<SqlBool> {
  return sql`exists (select from item_cve where item_cve.item_id = item.id and ${condition})`
}

function withContainer(condition: Expression<SqlBool>): Expression<SqlBool> {
  return sql`item.id in (select item_container.item_id from item_container where ${condition})`
}

/** Five rows; text sorts by its bytes, whatever the database's language. */
export async function makeItems(database: Kysely<never>): Promise<void> {
  for (const statement of [
    `create table item (
      id integer primary key, registry text collate "C", repository text, vulnerabilities integer, score real,
      running boolean, first_seen timestamptz, uploaded timestamptz not null default now(),
      severity smallint, worst smallint, rating text, source text collate "C"
    )`,
    `create table item_cve (item_id integer not null, cve_id text not null, severity smallint not null)`,
    `create table item_container (item_id integer not null, container_id text not null, seen timestamptz not null)`,
    String.raw`insert into item values
      (1, 'docker.io', 'library/nginx', 10, 9.8, true, '2026-03-02T09:14:05.25Z', default, 2, 40, 'Low', 'push'),
      (2, 'docker.io', 'shop/Check_out', 0, null, false, '2026-03-31T23:59:59.999Z', default, null, null, null, 'registry'),
      (3, 'Docker.io', 'shop/100%', 3, 5, null, '2026-04-01T00:00:00Z', default, 0, 20, 'High', 'push'),
      (4, null, null, null, 7.5, true, null, default, 3, 50, 'None', null),
      (5, 'ghcr.io', 'a\b*c', 10, 9.8, false, '2025-12-31T23:59:59Z', default, 1, 10, 'Low', 'push')`,
    `insert into item_cve values (1, 'CVE-1', 0), (1, 'CVE-2', 2), (2, 'CVE-2', 1), (5, 'CVE-3', 3)`,
    `insert into item_container values
      (1, 'c1', '2026-03-31T23:59:59Z'), (4, 'c2', '2026-04-01T00:00:00Z')`,
  ])
    await sql.raw(statement).execute(database)
}
