import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { imagePage } from '../../db/image-list.ts'
import { type Estate, type EstateTenant, startEstate } from '../../testing/estate.ts'
import { furnish } from '../../testing/estate-holdings.ts'

const preview = '/lanner/v1/policies/preview'

suite('previews over HTTP', () => {
  const ending: (() => unknown)[] = []
  let estate: Estate
  let tenant: EstateTenant

  before(async () => {
    estate = await startEstate({ after: (step: () => unknown) => void ending.push(step) } as never)
    await furnish(estate)
    tenant = estate.tenants[0]
  })
  after(async () => {
    for (const step of ending.reverse()) await step()
  })

  const ask = async (body: unknown) => {
    const { status, text, body: answer } = await tenant.call('POST', preview, { body })
    assert.equal(status, 200, text)
    const [result, ...others] = answer.resources
    assert.deepEqual(others, [])
    return result
  }

  /** What the verdict of every image is now, by repository, tag and digest. */
  async function verdicts(): Promise<ReadonlyMap<string, string | null>> {
    const found = new Map<string, string | null>()
    for (const image of await imagePage(estate.database, tenant.cid, { limit: 100, offset: 0 })) {
      const { repository, tag, digest } = image
      const query = { repository, tag, digest }
      const { body, text } = await tenant.call('GET', '/lanner/v1/verdict', { query })
      assert.equal(body.resources?.length, 1, text)
      found.set([repository, tag, digest].join(' '), body.resources[0].action)
    }
    return found
  }

  test('an empty document changes nothing, and tells of exclusions that cover nothing', async () => {
    const body = {
      conditions: [
        { prop: 'cve', value: ['CVE-2018-18074'], description: 'covers requests' },
        { prop: 'cve', value: ['CVE-1999-0001'], description: 'covers nothing', ttl: 3600 },
      ],
    }
    const url = '/container-security/entities/image-assessment-policy-exclusions/v1'
    const { status, text } = await tenant.call('POST', url, { body })
    assert.equal(status, 200, text)
    const result = await ask({ document: {} })
    assert.deepEqual([result.flipped, result.flips, result.by_policy], [0, [], []])
    assert.equal(result.denied.before, result.denied.after)
    assert.equal(result.images, (await verdicts()).size)
    const [unmatched, ...others] = result.exclusions_unmatched
    assert.deepEqual(others, [])
    assert.deepEqual([unmatched.value, unmatched.description], [['CVE-1999-0001'], 'covers nothing'])
    assert.match(unmatched.id, /^[0-9a-f-]{36}$/)
    assert.match(unmatched.expires_at, /^20\d\d-/)
  })

  test('what is previewed comes true once the document is applied', async () => {
    const document = {
      policies: [
        {
          name: 'Production',
          rules: [
            { action: 'block', conditions: [{ prop: 'severity', value: 'high' }] },
            { action: 'alert', conditions: [{ prop: 'severity', value: 'low' }] },
            { action: 'block', conditions: [{ prop: 'assessment', value: 'not_assessable' }] },
          ],
        },
      ],
      exclusions: [
        { prop: 'cve', value: ['CVE-1999-0002'] },
        { prop: 'package', value: ['libexpat1'], scope: { repository: 'library/*' } },
      ],
    }
    const was = await verdicts()
    const result = await ask({ document })
    const { revision } = (await tenant.call('GET', '/lanner/v1/policies/document')).body.resources[0]
    assert.equal(result.revision, revision)
    const put = await tenant.call('PUT', '/lanner/v1/policies/document', { body: { document } })
    assert.equal(put.status, 200, put.text)
    const is = await verdicts()
    const expected = [...was].filter(([image, action]) => is.get(image) !== action)
    assert.ok(expected.length >= 3)
    assert.deepEqual(
      new Map(
        result.flips.map(({ image, before, after }: Record<string, Record<string, string>>) => [
          [image?.['repository'], image?.['tag'], image?.['image_digest']].join(' '),
          [before?.['action'], after?.['action']],
        ]),
      ),
      new Map(expected.map(([image, action]) => [image, [action, is.get(image)]])),
    )
    const blocked = (actions: ReadonlyMap<string, string | null>) =>
      [...actions.values()].filter((action) => action === 'block').length
    assert.deepEqual(result.denied, { before: blocked(was), after: blocked(is) })
    assert.equal(result.flipped, expected.length)
    assert.equal(
      result.by_policy.reduce((sum: number, { images }: { images: number }) => sum + images, 0),
      expected.length,
    )
    assert.deepEqual(
      result.exclusions_unmatched.map(({ id, value }: { id: unknown; value: unknown }) => [id, value]),
      [[null, ['CVE-1999-0002']]],
    )
    assert.equal((await ask({ document })).flipped, 0)
  })

  test('no more flips are listed than are asked for; all are counted', async () => {
    const document = { policies: [], exclusions: [] }
    const all = await ask({ document })
    assert.ok(all.flipped > 1)
    assert.equal(all.flips.length, all.flipped)
    const one = await ask({ document, limit: 1 })
    assert.deepEqual([one.flipped, one.flips], [all.flipped, all.flips.slice(0, 1)])
  })

  test('what is not understood is refused with its place', async () => {
    for (const [body, says] of [
      [
        { document: { policies: [{ name: 'P', rules: [{ action: 'drop' }] }] } },
        /policies\[0\]\.rules\[0\].*drop/,
      ],
      [{ document: {}, limit: 0 }, /limit/],
      [{ document: {}, limit: 1001 }, /limit/],
      [{}, /document/],
    ] as const) {
      const { status, text } = await tenant.call('POST', preview, { body })
      assert.equal(status, 400, text)
      assert.match(text, says)
    }
  })

  test('nobody else is told anything of it', async () => {
    const { status, body } = await estate.tenants[1].call('POST', preview, {
      body: { document: { policies: [], exclusions: [] } },
    })
    assert.equal(status, 200)
    assert.doesNotMatch(JSON.stringify(body), /amber/)
    assert.deepEqual(estate.complaints, [])
  })
})
