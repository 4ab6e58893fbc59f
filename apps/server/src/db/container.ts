import { sql } from 'kysely'
import type { Database } from './database.ts'

/** A container as a snapshot of its cluster has it. */
export interface ToldContainer {
  readonly containerId: string
  readonly namespace: string
  readonly pod: string
  readonly podUid: string
  readonly name: string
  readonly node: string
  readonly imageReference: string
  /** Of a manifest or an index; '' where it is not known. */
  readonly imageDigest: string
  readonly running: boolean
  readonly privileged: boolean
}

/**
 * Notes that what ran in a cluster and is not among those that run now has stopped; where the snapshot is not the whole
 * cluster, only of the containers that it lists. Gives how many.
 */
export async function stopContainers(
  database: Database,
  cid: string,
  cluster: string,
  listed: readonly ToldContainer[],
  complete: boolean,
): Promise<number> {
  const running = listed.filter((container) => container.running).map((container) => container.containerId)
  const all = listed.map((container) => container.containerId)
  const { numAffectedRows } = await sql`
    update container set running = false
    where cid = ${cid} and cluster = ${cluster} and running and container_id <> all(${running}::text[])
      and (${complete} or container_id = any(${all}::text[]))`.execute(database)
  return Number(numAffectedRows ?? 0)
}

/** Keeps what a snapshot lists. What does not run keeps the time when it was last seen running. */
export async function putContainers(
  database: Database,
  cid: string,
  cluster: string,
  listed: readonly ToldContainer[],
  now: Date,
): Promise<void> {
  if (listed.length === 0) return
  const sorted = [...listed].sort((a, b) => (a.containerId < b.containerId ? -1 : 1))
  await sql`
    insert into container (cid, cluster, container_id, namespace, pod, pod_uid, container_name, node, image_reference,
      image_digest, running, privileged, first_seen, last_seen)
    select ${cid}, ${cluster}, container_id, namespace, pod, pod_uid, container_name, node, image_reference, image_digest,
      running, privileged, ${now}, ${now}
    from unnest(
      ${sorted.map((container) => container.containerId)}::text[],
      ${sorted.map((container) => container.namespace)}::text[],
      ${sorted.map((container) => container.pod)}::text[],
      ${sorted.map((container) => container.podUid)}::text[],
      ${sorted.map((container) => container.name)}::text[],
      ${sorted.map((container) => container.node)}::text[],
      ${sorted.map((container) => container.imageReference)}::text[],
      ${sorted.map((container) => container.imageDigest)}::text[],
      ${sorted.map((container) => container.running)}::boolean[],
      ${sorted.map((container) => container.privileged)}::boolean[]
    ) as told (container_id, namespace, pod, pod_uid, container_name, node, image_reference, image_digest, running, privileged)
    on conflict (cid, cluster, container_id) do update set namespace = excluded.namespace, pod = excluded.pod,
      pod_uid = excluded.pod_uid, container_name = excluded.container_name, node = excluded.node,
      image_reference = excluded.image_reference, image_digest = excluded.image_digest, running = excluded.running,
      privileged = excluded.privileged,
      last_seen = case when excluded.running then greatest(container.last_seen, excluded.last_seen)
        else container.last_seen end`.execute(database)
}

/** Forgets the stopped containers of a cluster that were last seen before. */
export async function removeStopped(
  database: Database,
  cid: string,
  cluster: string,
  before: Date,
): Promise<void> {
  await sql`delete from container
    where cid = ${cid} and cluster = ${cluster} and last_seen < ${before} and not running`.execute(database)
}

/** How many containers of a cluster run, and how many of these an image that was never assessed. */
export async function runningIn(
  database: Database,
  cid: string,
  cluster: string,
): Promise<{ running: number; unidentified: number }> {
  const { rows } = await sql<{ running: number; unidentified: number }>`
    select coalesce(sum(containers), 0)::int as running,
      coalesce(sum(containers) filter (where not exists (
        select from image where image.cid = ${cid} and image.digest = ran.image_digest
          and image.state in ('assessed', 'partially')
      ) and not exists (
        select from image where image.cid = ${cid} and image.index_digest = ran.image_digest and image.index_digest <> ''
          and image.state in ('assessed', 'partially')
      )), 0)::int as unidentified
    from (
      select image_digest, count(*) as containers from container
      where cid = ${cid} and cluster = ${cluster} and running group by image_digest
    ) as ran`.execute(database)
  return rows[0]
}

export interface StoredContainer {
  readonly cluster: string
  readonly container_id: string
  readonly namespace: string
  readonly pod: string
  readonly pod_uid: string
  readonly container_name: string
  readonly node: string
  readonly image_reference: string
  readonly image_digest: string
  readonly running: boolean
  readonly privileged: boolean
  readonly first_seen: Date
  readonly last_seen: Date
}

/** What containers are looked for by; absent: whatever it is. */
export interface ContainerSelection {
  readonly cluster?: string
  readonly namespace?: string
  readonly imageDigest?: string
  readonly running?: boolean
}

/** One page of containers by cluster and id, and how many there are in all. */
export async function containerPage(
  database: Database,
  cid: string,
  { cluster, namespace, imageDigest, running }: ContainerSelection,
  limit: number,
  offset: number,
): Promise<{ rows: readonly StoredContainer[]; total: number }> {
  const where = sql`cid = ${cid}
    ${cluster === undefined ? sql`` : sql`and cluster = ${cluster}`}
    ${namespace === undefined ? sql`` : sql`and namespace = ${namespace}`}
    ${imageDigest === undefined ? sql`` : sql`and image_digest = ${imageDigest}`}
    ${running === undefined ? sql`` : sql`and running = ${running}`}`
  const { rows } = await sql<StoredContainer>`
    select cluster, container_id, namespace, pod, pod_uid, container_name, node, image_reference, image_digest, running,
      privileged, first_seen, last_seen
    from container where ${where} order by cluster, container_id limit ${limit} offset ${offset}`.execute(
    database,
  )
  const counted = await sql<{
    total: number
  }>`select count(*) as total from container where ${where}`.execute(database)
  return { rows, total: counted.rows[0].total }
}
