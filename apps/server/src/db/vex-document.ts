import { sql } from 'kysely'
import type { Database } from './database.ts'
import { storableJson, storableText } from './storable.ts'
import type { VexImageScope } from './tables/policy.ts'

/** A VEX document that was taken. */
export interface VexDocumentRecord {
  readonly uuid: string
  readonly id: string
  readonly format: string
  readonly version: string
  readonly author: string
  readonly statedAt: Date | null
  readonly importedAt: Date
  readonly importedBy: string
}

/** What a document says of one vulnerability in one product. */
export interface VexStatementRecord {
  readonly documentUuid: string
  readonly uuid: string
  readonly vulnerability: string
  readonly image: VexImageScope | null
  /** Package URL; '' for every package. */
  readonly package: string
  readonly status: string
  readonly statedAt: Date
}

export async function findVexDocument(
  database: Database,
  cid: string,
  uuid: string,
): Promise<VexDocumentRecord | undefined> {
  return database
    .selectFrom('vex_document')
    .select([
      'document_uuid as uuid',
      'document_id as id',
      'format',
      'version',
      'author',
      'stated_at as statedAt',
      'imported_at as importedAt',
      'imported_by as importedBy',
    ])
    .where('cid', '=', cid)
    .where('document_uuid', '=', uuid)
    .executeTakeFirst()
}

/** What all documents but one say of these vulnerabilities. */
export async function otherVexStatements(
  database: Database,
  cid: string,
  documentUuid: string,
  vulnerabilities: readonly string[],
): Promise<readonly VexStatementRecord[]> {
  const { rows } = await sql<VexStatementRecord>`
    select document_uuid as "documentUuid", statement_uuid as uuid, vulnerability, image, package, status,
      stated_at as "statedAt"
    from vex_statement
    where cid = ${cid} and document_uuid <> ${documentUuid} and vulnerability = any(${[...vulnerabilities]}::text[])
    order by stated_at, document_uuid, statement_uuid`.execute(database)
  return rows
}

/** Puts a version of a document and what it says in the place of the one before. */
export async function replaceVexDocument(
  database: Database,
  cid: string,
  document: VexDocumentRecord,
  statements: readonly Omit<VexStatementRecord, 'documentUuid'>[],
): Promise<void> {
  const { uuid, id, format, version, author, statedAt, importedAt, importedBy } = document
  const said = {
    document_id: storableText(id),
    format,
    version: storableText(version),
    author: storableText(author),
    stated_at: statedAt,
    imported_at: importedAt,
    imported_by: importedBy,
  }
  await database
    .insertInto('vex_document')
    .values({ cid, document_uuid: uuid, ...said })
    .onConflict((conflict) => conflict.columns(['cid', 'document_uuid']).doUpdateSet(said))
    .execute()
  await sql`delete from vex_statement where cid = ${cid} and document_uuid = ${uuid}`.execute(database)
  await sql`
    insert into vex_statement (cid, document_uuid, statement_uuid, vulnerability, image, package, status, stated_at)
    select ${cid}, ${uuid}, statement_uuid, vulnerability, image::jsonb, package, status, stated_at from unnest(
      ${statements.map((one) => one.uuid)}::uuid[],
      ${statements.map((one) => storableText(one.vulnerability))}::text[],
      ${statements.map((one) => (one.image === null ? null : storableJson(one.image)))}::text[],
      ${statements.map((one) => storableText(one.package))}::text[],
      ${statements.map((one) => one.status)}::text[],
      ${statements.map((one) => one.statedAt)}::timestamptz[]
    ) as said (statement_uuid, vulnerability, image, package, status, stated_at)`.execute(database)
}

/** Takes out what later statements of another document put an end to. */
export async function deleteVexStatements(
  database: Database,
  cid: string,
  ended: readonly Pick<VexStatementRecord, 'documentUuid' | 'uuid'>[],
): Promise<void> {
  await sql`
    delete from vex_statement using unnest(
      ${ended.map(({ documentUuid }) => documentUuid)}::uuid[],
      ${ended.map(({ uuid }) => uuid)}::uuid[]
    ) as ended (document_uuid, statement_uuid)
    where vex_statement.cid = ${cid} and vex_statement.document_uuid = ended.document_uuid
      and vex_statement.statement_uuid = ended.statement_uuid`.execute(database)
}
