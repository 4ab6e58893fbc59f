import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Operation } from '@lanner/contract'
import { sql } from 'kysely'
import type { Database } from './db/database.ts'
import { type Estate, type EstateTenant, startEstate } from './testing/estate.ts'
import { furnish, type Holdings } from './testing/estate-holdings.ts'
import { statementsSeen, tablesOf } from './testing/statement-inspector.ts'
import { type Asked, bodies, operations, requestsOf, send, type Words } from './testing/tenant-requests.ts'

const idShaped =
  /^(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}|(?:sha256:)?[0-9a-f]{64})$/

/** All text leaves of an answer, each with where it stands. */
function* texts(value: unknown, place = ''): Generator<readonly [place: string, text: string]> {
  if (typeof value === 'string') yield [place, value]
  else if (Array.isArray(value)) for (const each of value) yield* texts(each, place)
  else if (typeof value === 'object' && value !== null)
    for (const [name, each] of Object.entries(value)) yield* texts(each, `${place}.${name}`)
}

const changing = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
/** Questions that are sent by POST. */
const asking = new Set(['ReadImageVulnerabilities'])

function reads({ id, operation }: { readonly id: string; readonly operation: Operation }): boolean {
  return !changing.has(operation.method) || asking.has(id)
}

/** Ids in the answers to a tenant, by where they stand in them. */
type Found = Map<string, Set<string>>

/** Asks everything that can be asked as a tenant with its own words. */
async function walkOwn(tenant: EstateTenant, held: Holdings): Promise<{ found: Found; good: Set<string> }> {
  const found: Found = new Map()
  const good = new Set<string>()
  // What lists tell is asked for by id in the second round.
  for (let round = 0; round < 2; round++) {
    const words = { ids: someOf(found, () => true), held, tenant }
    for (const { id, operation } of operations.filter(reads)) {
      for (const asked of requestsOf(id, operation, words)) {
        if (round > 0 && good.has(id)) break
        const reply = await send(tenant, asked)
        assert.ok(reply.status < 500, `${id}: ${reply.text}`)
        if (reply.status !== (operation.status ?? 200)) continue
        const { meta: _, ...rest } = (reply.body ?? {}) as Record<string, unknown>
        const places = [...texts(rest, id)].filter(([, text]) => idShaped.test(text) && !text.includes(':'))
        // An answer without anything in it, because nothing was asked for, does not count.
        if (operation.reply.kind !== 'resources' || reply.body.resources.length > 0) good.add(id)
        for (const [place, text] of places) found.set(place, (found.get(place) ?? new Set()).add(text))
      }
    }
  }
  return { found, good }
}

/** A few ids from each place. */
function someOf(found: Found, wanted: (id: string) => boolean): string[] {
  return [...new Set([...found.values()].flatMap((ids) => [...ids].filter(wanted).slice(0, 3)))]
}

/** Every row of a tenant, table by table. */
async function rowsOf(database: Database, cid: string): Promise<Record<string, string[]>> {
  const { rows: tables } = await sql<{ table_name: string }>`
    select table_name from information_schema.columns where table_schema = 'public' and column_name = 'cid'
    order by table_name`.execute(database)
  const found: Record<string, string[]> = {}
  for (const { table_name: name } of tables) {
    const { rows } = await sql<{ line: string }>`
      select to_jsonb(t)::text as line from ${sql.table(name)} as t where t.cid = ${cid} order by 1`.execute(
      database,
    )
    // A sign-in that failed is told to whom it was tried for.
    found[name] = rows.map(({ line }) => line).filter((line) => !line.includes('"action": "sign_in"'))
  }
  return found
}

/**
 * Calls every operation as one tenant with what belongs to the other: nothing of the other's may be said (but what the
 * request itself names), nothing that a request names may be found, and none of the other's rows may change.
 */
async function walkOther(
  { database }: Estate,
  tenant: EstateTenant,
  other: Words,
  secrets: ReadonlySet<string>,
): Promise<{ calls: number; called: Set<string> }> {
  const before = await rowsOf(database, other.tenant.cid)
  const called = new Set<string>()
  let calls = 0
  const leaks: string[] = []
  for (const { id, operation } of operations) {
    for (const asked of requestsOf(id, operation, other)) {
      const reply = await send(tenant, asked)
      calls++
      called.add(id)
      assert.ok(reply.status < 500, `${id} ${JSON.stringify(asked.query)}: ${reply.status} ${reply.text}`)
      const said = `${reply.text}\n${reply.rawHeaders.join('\n')}`
      const named = JSON.stringify([asked.path, asked.query, asked.body ?? null])
      for (const secret of secrets)
        if (said.includes(secret) && !named.includes(secret))
          leaks.push(`${id} ${named.slice(0, 200)} says ${secret}: ${said.slice(0, 300)}`)
      if (namesOnlyOthers(asked) && ![400, 404].includes(reply.status))
        leaks.push(
          `${id} ${named.slice(0, 200)} finds something: ${reply.status} ${reply.text.slice(0, 300)}`,
        )
    }
  }
  assert.deepEqual(leaks, [])
  assert.deepEqual(await rowsOf(database, other.tenant.cid), before, 'rows of the other tenant changed')
  return { calls, called }
}

/** Operations whose ids choose what is answered, so that with none of them known there is nothing to answer. */
function namesOnlyOthers({ id, operation, path, query }: Asked): boolean {
  if (!reads({ id, operation }) && 'id' in query) return true
  if (Object.keys(path).length > 0) return true
  return 'ids' in query && operation.failures?.[404] !== undefined
}

test('nothing of one tenant is said to another, whatever is asked', async (t) => {
  const before = new Map([...statementsSeen()].map(([text, { count }]) => [text, count]))
  const estate = await startEstate(t)
  const held = await furnish(estate)
  const [one, two] = estate.tenants
  const firstOwn = await walkOwn(one, held[0])
  const secondOwn = await walkOwn(two, held[1])

  const readers = operations.filter(reads).map(({ id }) => id)
  assert.deepEqual(
    readers.filter((id) => !firstOwn.good.has(id)),
    [],
    'operations that were never answered',
  )
  const all = operations.map(({ id }) => id)
  assert.deepEqual(
    operations.filter(({ id, operation }) => operation.body && !bodies[id]).map(({ id }) => id),
    [],
    'operations without a body to send',
  )

  const wordsOf = (tenant: EstateTenant, has: Holdings, own: Found, others: Found): Words => {
    const shared = new Set([...others.values()].flatMap((ids) => [...ids]))
    return { tenant, held: has, ids: someOf(own, (id) => !shared.has(id)) }
  }
  const secretsOf = ({ tenant, held: { images }, ids }: Words) =>
    new Set([
      ...ids,
      tenant.mark,
      tenant.cid,
      tenant.clientId,
      tenant.clientSecret,
      tenant.token,
      images.ledger.digest,
      images.ledger.configDigest.slice(7),
      images.checkout.digest,
    ])
  for (const [tenant, words] of [
    [one, wordsOf(two, held[1], secondOwn.found, firstOwn.found)],
    [two, wordsOf(one, held[0], firstOwn.found, secondOwn.found)],
  ] as const) {
    const { policyId, groupId, registryId, tokenId, baseImageId, exportId } = words.held
    for (const id of [policyId, groupId, registryId, tokenId, baseImageId, exportId, words.tenant.clientId])
      assert.ok(words.ids.includes(id), `no answer to ${words.tenant.mark} had ${id}`)
    const { calls, called } = await walkOther(estate, tenant, words, secretsOf(words))
    assert.deepEqual([...called].sort(), all.toSorted())
    t.diagnostic(`${calls} calls as ${tenant.mark}, with ${words.ids.length} ids of the other`)
    await estate.settled()
  }
  await walkRegistry(one, two, held[1])
  await walkRegistry(two, one, held[0])
  await sayWhatOthersHave(estate, one, two, held[1])
  assert.deepEqual(estate.complaints, [])
  await checkStatements(estate.database, before)
})

/** The registry: what only the other has is not there, under any name, and cannot be taken. */
async function walkRegistry(tenant: EstateTenant, other: EstateTenant, { images }: Holdings): Promise<void> {
  const headers = {
    Authorization: `Basic ${Buffer.from(`${tenant.clientId}:${tenant.clientSecret}`).toString('base64')}`,
  }
  const own = `${other.mark}/ledger`
  const layer = images.ledger.layers.at(-1)!.descriptor.digest
  const said: string[] = []
  const ask = async (method: string, path: string) => {
    const answer = await tenant.send(method, path, undefined, headers)
    assert.ok(answer.status < 500, `${method} ${path}: ${answer.text}`)
    said.push(`${method} ${path}\n${JSON.stringify([...answer.headers])}\n${answer.text}`)
    return answer
  }
  for (const repository of [own, 'shop/checkout'])
    for (const path of [
      `blobs/${layer}`,
      `blobs/${images.ledger.configDigest}`,
      `manifests/${images.ledger.digest}`,
      `manifests/${images.checkout.digest}`,
      ...(repository === own ? ['manifests/1.0', 'tags/list'] : []),
    ])
      for (const method of path === 'tags/list' ? ['GET'] : ['HEAD', 'GET', 'DELETE']) {
        const { status } = await ask(method, `/v2/${repository}/${path}`)
        assert.equal(status, 404, `${method} /v2/${repository}/${path}`)
      }
  // Begun as an upload: the blob is not there to be mounted.
  const mounted = await ask('POST', `/v2/shop/checkout/blobs/uploads/?mount=${layer}&from=${own}`)
  assert.equal(mounted.status, 202)
  await ask('GET', '/v2/_catalog')
  await ask('GET', '/v2/shop/checkout/tags/list')
  const { text } = await ask('GET', `/v2/${own}/referrers/${images.ledger.digest}`)
  assert.doesNotMatch(text, /"digest"/)
  // What was asked for may be said again.
  const secrets = [other.cid, other.clientId, other.clientSecret, `${other.mark} `, `${other.mark}/ledger"`]
  for (const answer of said)
    for (const secret of secrets) {
      const [, ...rest] = answer.split('\n')
      assert.ok(
        !rest.join('\n').includes(secret) ||
          answer.startsWith(`GET /v2/${own}`) ||
          answer.includes('"name":'),
        `the registry says ${secret}: ${answer}`,
      )
    }
}

/** A container or an inventory that claims to be another tenant's image shows nothing of that image, and changes nothing of it. */
async function sayWhatOthersHave(
  estate: Estate,
  tenant: EstateTenant,
  other: EstateTenant,
  { images: { ledger } }: Holdings,
): Promise<void> {
  const report = `/reports?repository=${other.mark}/ledger&tag=1.0`
  const before = await other.call('GET', report)
  assert.equal(before.status, 200, before.text)
  const running = await tenant.call('POST', '/lanner/v1/containers', {
    body: {
      cluster: 'claimed',
      containers: [{ container_id: 'claimed', image_digest: ledger.digest, running: true }],
    },
  })
  assert.equal(running.body.resources[0].unidentified, 1, 'the tenant has no such image')
  const reply = await tenant.call('POST', '/image-assessment/entities/image-inventory/v1', {
    body: {
      inventory: {
        ImageInfo: {
          Registry: 'registry.example',
          Repository: 'walk/claimed',
          Tag: '1',
          Digest: ledger.digest,
          ID: ledger.configDigest.slice(7),
          Architecture: 'amd64',
        },
        OSInfo: { Name: 'Debian GNU/Linux', Version: '12' },
        Packages: [],
        ApplicationPackages: [{ type: 'NODE', libraries: [{ Name: 'lodash', Version: '4.17.4' }] }],
      },
    },
  })
  assert.ok(reply.status < 500, reply.text)
  await estate.settled()
  for (const { id, operation } of operations.filter(reads)) {
    if (Object.keys(operation.path ?? {}).length > 0 && !operation.url.includes('{digest}')) continue
    const path = operation.url.replace('{digest}', encodeURIComponent(ledger.digest))
    const { text } = await tenant.call(operation.method, path, {
      query: { repository: 'walk/claimed', tag: '1', cid: tenant.cid, vulnerability: 'CVE-2026-90002' },
    })
    assert.ok(
      !text.includes(other.mark),
      `${id} tells what is in an image that was only named: ${text.slice(0, 500)}`,
    )
  }
  const after = await other.call('GET', report)
  assert.deepEqual(after.body, before.body)
}

/** Where a statement touches the rows of every tenant, why that is right, and how often. */
const everyTenant: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'db/assessment-profile.ts': {
    "what is known of an image's content holds for all who have it": 1,
  },
  'db/blob-usage.ts': {
    'garbage is collected tenant by tenant': 1,
  },
  'db/change-event.ts': {
    'a changed advisory concerns all who have the package': 1,
  },
  'db/client.ts': {
    'sign-in': 1,
    "the key is the installation's": 1,
  },
  'db/copy-export.ts': {
    export: 1,
  },
  'db/copy-import.ts': {
    import: 2,
  },
  'db/export.ts': {
    'what is old goes for all': 2,
  },
  'db/image.ts': {
    "what is known of an image's content holds for all who have it": 2,
  },
  'db/job-history.ts': {
    'what is old goes for all': 2,
  },
  'db/job-lease.ts': {
    'workers serve all': 7,
  },
  'db/job-resource.ts': {
    'workers serve all': 1,
  },
  'db/job.ts': {
    'metrics of the platform': 1,
    'workers serve all': 3,
  },
  'db/status.ts': { 'the length of the queue': 1 },
  'db/tenant.ts': { 'the list of them is asked for': 1 },
  'db/token.ts': {
    'sign-in': 1,
    sweep: 1,
  },
  'db/upload.ts': {
    'what is dead is dead by its age': 1,
  },
  'db/user.ts': {
    'sign-in': 1,
  },
}

test('only statements with a committed reason leave the tenant out', () => {
  const marked = /\/\* every tenant: (.+?) \*\//g
  const given: Record<string, Record<string, number>> = {}
  for (const path of globSync('**/*.ts', { cwd: import.meta.dirname })) {
    if (/\.test\.ts$|(?:^|\/)testing\//.test(path)) continue
    const text = readFileSync(join(import.meta.dirname, path), 'utf8')
    for (const [, reason = ''] of text.matchAll(marked)) {
      const here = (given[path] ??= {})
      here[reason] = (here[reason] ?? 0) + 1
    }
  }
  assert.deepEqual(given, everyTenant)
})

/** A tenant's row is chosen by a parameter, by a row that was, or written with its tenant. */
const takesTenant =
  /\bcid\b"?\s*(?:=|in\b)|=\s*(?:\w+\.)?"?\w*\bcid\b|insert\s+into\s+"?\w+"?\s*\([^)]*\bcid\b|using\s*\([^)]*\bcid\b/i

/** Every statement of the walk passed the inspector, which throws; here it is held to comparing or writing the cid. */
async function checkStatements(database: Database, before: ReadonlyMap<string, number>): Promise<void> {
  const { rows } = await sql<{ table_name: string }>`
    select table_name from information_schema.columns where table_schema = 'public' and column_name = 'cid'`.execute(
    database,
  )
  const tables = new Set(rows.map(({ table_name }) => table_name))
  const reasons = new Set(Object.values(everyTenant).flatMap((given) => Object.keys(given)))
  const wrong: string[] = []
  let seen = 0
  for (const [text, { count, everyTenant: reason }] of statementsSeen()) {
    if (count === (before.get(text) ?? 0) || !tablesOf(text).some((name) => tables.has(name))) continue
    seen++
    if (
      reason === undefined
        ? takesTenant.test(text)
        : reasons.has(reason) || reason === 'nothing is left to be done'
    )
      continue
    wrong.push(text)
  }
  assert.deepEqual(wrong, [])
  assert.ok(seen > 150, `only ${seen} statements were seen`)
}
