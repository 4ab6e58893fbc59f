import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findOperation } from './find-operation.ts'
import type { ContainerImages, FalconContainer, LannerClient } from './index.ts'
import { operations } from './index.ts'

/** Never run: what matters is what the compiler takes of it. */
export async function calls(
  client: LannerClient,
  images: ContainerImages,
  container: FalconContainer,
): Promise<void> {
  const list = await images.get_combined_images({ parameters: { limit: 5, filter: "tag:'x'" } })
  if (list.ok) {
    const tag: string | undefined = list.body.resources[0]?.tag
    const total: number | undefined = list.body.meta.pagination?.total
    void [tag, total]
    // @ts-expect-error a success has no reason
    void list.reason
  } else {
    const message: string = list.message
    void message
    // @ts-expect-error what a failure says of its body is not known
    void list.body.resources
  }
  // @ts-expect-error there is no such parameter
  await images.GetCombinedImages({ parameters: { limits: 5 } })
  // @ts-expect-error a limit is a number
  await images.GetCombinedImages({ parameters: { limit: '5' } })
  // @ts-expect-error ids are required
  await container.ReadRegistryEntitiesByUUID()
  await container.read_registry_entities_by_uuid({ parameters: { ids: 'a,b' } })
  await container.ReadRegistryEntitiesByUUID({ parameters: { ids: ['a', 'b'] } })
  // @ts-expect-error the words are few
  await client.command('ListJobs', { parameters: { state: ['lazy'] } })
  // @ts-expect-error a body is required
  await client.command('CreateClient')
  const created = await client.command('CreateClient', { body: { name: 'ci' } })
  if (created.ok) {
    const secret: string | undefined = created.body.resources[0]?.client_secret
    void secret
  }
  const file = await client.command('DownloadExportFile', { parameters: { id: 'x' } })
  if (file.ok) {
    const bytes: Uint8Array = file.body
    void bytes
  }
  const name: string = 'GetCombinedImages'
  const some = await client.command(name, { parameters: { anything: [1, 'two'] }, body: { of: 'any' } })
  if (some.ok) {
    // @ts-expect-error of an operation that is only known by a name, the body is unknown
    void some.body.resources
  }
}

test('an operation is found by its id, another id of it, and its name', () => {
  assert.equal(findOperation('tokens_read'), operations.tokens_read)
  assert.equal(findOperation('tokens-read'), operations.tokens_read)
  assert.equal(findOperation('get_assessment'), operations.GetImageAssessmentReport)
  for (const name of ['__proto__', 'constructor', 'toString', ''])
    assert.throws(() => findOperation(name), TypeError)
})

test('names lead to one operation or to none', () => {
  for (const [id, { name }] of Object.entries(operations)) {
    const same = Object.values(operations).filter((each) => each.name === name)
    if (same.length === 1) assert.equal(findOperation(name), operations[id as keyof typeof operations])
  }
})
