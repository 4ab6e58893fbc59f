import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { boolean, columns, number, rank, real, text, time, word } from './columns.ts'

const fields = {
  registry: { kind: 'text', sort: true },
  cve_id: { kind: 'text' },
  severity: { kind: 'word', words: ['Low', 'High'], ordered: true },
} as const

const registry = text(sql`image.registry`)
const severity = rank(sql`image.severity`)
const related = text((compare) => sql`exists (select from finding where ${compare(sql`finding.cve_id`)})`)

// What stands behind a `@ts-expect-error` would fail the type check if it did compile: that is the test.
test('every field has its column', () => {
  const whole = columns(fields, { registry, cve_id: related, severity })
  assert.deepEqual([...whole.byField.keys()], ['registry', 'cve_id', 'severity'])
  // @ts-expect-error: severity has no column
  assert.throws(() => columns(fields, { registry, cve_id: related }), /severity has no column/)
  // @ts-expect-error: there is no field colour
  columns(fields, { registry, cve_id: related, severity, colour: registry })
})

test('a column has the kind of its field', () => {
  // @ts-expect-error: a number for a text
  columns(fields, { registry: number(sql`image.size`), cve_id: related, severity })
  // @ts-expect-error: single precision is a number too
  columns(fields, { registry: real(sql`image.score`), cve_id: related, severity })
  // @ts-expect-error: a text for a word
  columns(fields, { registry, cve_id: related, severity: text(sql`image.severity`) })
  // @ts-expect-error: a time for a text
  columns(fields, { registry, cve_id: time(sql`image.first_seen`), severity })
  // @ts-expect-error: a boolean for a word
  columns(fields, { registry, cve_id: related, severity: boolean(sql`image.running`) })
  columns(fields, { registry, cve_id: related, severity: word(sql`image.severity`) })
})

test('what lists are sorted by has one value a row', () => {
  // @ts-expect-error: related rows give no order
  assert.throws(() => columns(fields, { registry: related, cve_id: related, severity }), TypeError)
  const sorted = text((compare) => sql`exists (select from host where ${compare(sql`host.name`)})`, {
    sort: sql`(select min(host.name) from host)`,
  })
  assert.equal(
    columns(fields, { registry: sorted, cve_id: related, severity }).byField.get('registry')?.sortable,
    true,
  )
})

test('tables that some of the fields make up are held to the columns', () => {
  const of = { registry, cve_id: related, severity }
  columns(fields, of, [{ registry: { kind: 'text', sort: true } }, { cve_id: { kind: 'text' } }])
  assert.throws(() => columns(fields, of, [{ cve_id: { kind: 'text', sort: true } }]), /gives no order/)
  assert.throws(() => columns(fields, of, [{ colour: { kind: 'text' } }]), /no column/)
})

test('every word has its rank', () => {
  const ranked = (ranks: Record<string, number>) =>
    columns(fields, { registry, cve_id: related, severity: rank(sql`image.severity`, { ranks }) })
  ranked({ Low: 1, High: 2 })
  assert.throws(() => ranked({ Low: 1 }), /no rank for High/)
})
