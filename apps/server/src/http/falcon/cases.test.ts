import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startEstate } from '../../testing/estate.ts'
import { readHttpCases, runHttpCase } from '../../testing/http-cases.ts'

const folder = join(import.meta.dirname, 'cases')

test('what clients of Falcon send comes true, operation by operation', async (t) => {
  const { tenants } = await startEstate(t)
  const [{ call, clientId, clientSecret }] = tenants
  for (const file of readdirSync(folder).sort())
    await t.test(file, async (inFile) => {
      const variables = new Map([
        ['client_id', clientId],
        ['client_secret', clientSecret],
      ])
      for (const one of readHttpCases(readFileSync(join(folder, file), 'utf8')))
        await inFile.test(one.name, () => runHttpCase(one, variables, call))
    })
})
