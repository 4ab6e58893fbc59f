import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startEstate } from '../../testing/estate.ts'
import { commonImages } from '../../testing/estate-images.ts'
import { pushBuilt } from '../../testing/estate-pushes.ts'
import { readHttpCases, runHttpCase } from '../../testing/http-cases.ts'

const folder = join(import.meta.dirname, 'flows')
const tag = '1.8.2'

/**
 * What programs do from the push of an image to its verdict, with what they must be answered on the way: `=== pushed` and
 * `=== assessed` stand where that comes to pass.
 */
test('clients that push an image, wait until it is ready, and act on it', async (t) => {
  const { tenants, composition } = await startEstate(t)
  // Nothing is assessed by itself: how long an image is pending is up to the test.
  await composition.workers?.stop()
  const [tenant] = tenants
  const { clientId, clientSecret } = tenant
  const { checkout } = commonImages
  for (const file of readdirSync(folder).sort())
    await t.test(file, async (inFile) => {
      const repository = `flows/${file.replace('.txt', '')}`
      const variables = new Map([
        ['client_id', clientId],
        ['client_secret', clientSecret],
        ['basic', Buffer.from(`${clientId}:${clientSecret}`).toString('base64')],
        ['repository', repository],
        ['digest', checkout.digest],
      ])
      const run = async (text: string) => {
        for (const one of readHttpCases(text))
          await inFile.test(one.name, () => runHttpCase(one, variables, tenant.call))
      }
      const [before, pushed, assessed] = readFileSync(join(folder, file), 'utf8').split(/^=== \w+$/m)
      await run(before!)
      await pushBuilt(tenant, repository, tag, checkout)
      await run(pushed!)
      await composition.services.pushedImages.assess(
        tenant.cid,
        { repository, reference: tag, digest: checkout.digest },
        new AbortController().signal,
        () => {},
      )
      await run(assessed!)
    })
})
