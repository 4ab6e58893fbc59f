import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { extractorRevision, imageFacts, readImage } from '@lanner/assessment'
import { type BuiltImage, image, imageSource, layer } from '@lanner/testkit'
import { sql } from 'kysely'
import type { Database } from '../../db/database.ts'
import { putImage } from '../../db/image.ts'
import { testDatabase } from '../../testing/database.ts'
import { type Images, images as imagesOf } from '../images.ts'
import { type AssessPorts, assessNamed } from './assess-pushed.ts'

const cid = 'a'.repeat(32)
const now = new Date('2026-03-02T09:14:05Z')

const base = layer({
  'etc/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
  'var/lib/dpkg/status':
    'Package: bash\nStatus: install ok installed\nVersion: 5.2.15-2+b2\nArchitecture: amd64\n',
})
const torch = layer({
  'usr/lib/python3/dist-packages/torch-2.0.0.dist-info/METADATA':
    'Metadata-Version: 2.1\nName: torch\nVersion: 2.0.0\n',
})

async function stage(t: TestContext): Promise<{
  database: Database
  images: Images
  push(repository: string, built: BuiltImage, tag?: string): Promise<void>
}> {
  const { database } = await testDatabase(t)
  const ports: AssessPorts = {
    database,
    transaction: (work) => database.transaction().execute(work),
    matcher: { match: async () => undefined },
    advisories: () => undefined,
    now: () => now,
    reader: {
      async read(source, resolved) {
        const known = await readImage(source, resolved, { version: 'test', onEvent: () => {} })
        const facts = imageFacts(resolved, known.layers, known.inventory)
        return { facts, known, extractorRevision: extractorRevision() }
      },
    },
  }
  return {
    database,
    images: imagesOf(ports),
    async push(repository, built, tag = '1') {
      const source = imageSource(built)
      const [resolved] = (await source.resolve()).images
      assert.ok(resolved)
      const name = { registry: '', repository, tag }
      const digest = resolved.manifestDigest
      const noted = {
        ...name,
        imageUuid: crypto.randomUUID(),
        digest,
        indexDigest: '',
        imageId: '',
        os: '',
        architecture: '',
        variant: '',
        source: 'push' as const,
        actor: 'ci-bot',
      }
      await putImage(database, cid, noted, now)
      const documents = { manifest: async () => '{}', config: async () => '{}' }
      const assignment = { cid, name, digest, source, documents, from: 'push' as const }
      await assessNamed(assignment, ports, AbortSignal.timeout(10_000))
    },
  }
}

const all = { limit: 100, offset: 0, sort: [{ field: 'repository', descending: false }] }

test('what is read in an image is what lists show, and its base is told by its layers', async (t) => {
  const { images, push } = await stage(t)
  await push('a/base', image({ layers: [base] }))
  await push('b/train', image({ layers: [base, torch] }))
  await push('c/other', image({ layers: [torch, base] }))
  await images.bases.declare(cid, [{ repository: 'a/base', tag: '1' }])
  const { rows } = await images.details(cid, all, false)
  assert.deepEqual(
    rows.map((row) => [row.repository, row.actor, row.ai_related, row.is_base_image, row.base?.repository]),
    [
      ['a/base', 'ci-bot', false, true, undefined],
      ['b/train', 'ci-bot', true, false, 'a/base'],
      // The same layers in another order are no base.
      ['c/other', 'ci-bot', true, false, undefined],
    ],
  )
})

test('every assessment is noted, that of known content too', async (t) => {
  const { database, push } = await stage(t)
  await push('a/base', image({ layers: [base] }))
  await push('a/base', image({ layers: [base] }))
  await push('empty', image({ layers: [] }))
  const { rows } = await sql`
    select repository, tag, outcome from assessment_history where cid = ${cid} order by repository`.execute(
    database,
  )
  // Without advisories nothing is assessed, and no image is to blame.
  const outcome = 'no_advisories'
  assert.deepEqual(rows, [
    { repository: 'a/base', tag: '1', outcome },
    { repository: 'a/base', tag: '1', outcome },
    { repository: 'empty', tag: '1', outcome },
  ])
})

test('what is noted by its digest late, after it got a tag, is listed once', async (t) => {
  const { database, push } = await stage(t)
  const built = image({ layers: [base] })
  await push('shop', built, '1')
  await push('shop', built, '')
  await push('other', built, '')
  const { rows } =
    await sql`select repository, tag from image where cid = ${cid} order by repository`.execute(database)
  assert.deepEqual(rows, [
    { repository: 'other', tag: '' },
    { repository: 'shop', tag: '1' },
  ])
})
