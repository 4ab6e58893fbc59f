import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { importAdvisories, openStore } from '@lanner/advisories'
import { extractorRevision, imageFacts, readImage } from '@lanner/assessment'
import { image, imageSource, layer, temporaryFolder } from '@lanner/testkit'
import { advisoryState, takeOverRevision } from '../db/advisory-state.ts'
import { putImage } from '../db/image.ts'
import { insertTenant } from '../db/tenant.ts'
import { matchGroups } from '../use-cases/assessment/matcher.ts'
import { recordImage } from '../use-cases/assessment/record.ts'
import { policyFacts } from '../use-cases/policy-facts.ts'
import { policyServices } from '../use-cases/policy-services.ts'
import { testDatabase } from './database.ts'

/** When everything begins, in Unix milliseconds. */
export const start = Date.parse('2026-03-02T09:00:00Z')
export const by = { cid: '0f1e2d3c4b5a69788796a5b4c3d2e1f0', actor: 'ci' }
export const other = { cid: 'f'.repeat(32), actor: 'other' }
/** How the image is asked for. */
export const wanted = { repository: 'shop/checkout', tag: '1.8.2' }

// By hand from demo/advisories: CVE-2019-10744 (GHSA-jf85-cpcp-j695) is in lodash before 4.17.12.
export const cve = 'CVE-2019-10744'
export const lodash = 'pkg:npm/lodash@4.17.4'

const built = image({
  layers: [
    layer({
      'etc/os-release': 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12"\n',
      'var/lib/dpkg/status':
        'Package: libexpat1\nStatus: install ok installed\nSource: expat\nVersion: 2.5.0-1\nArchitecture: amd64\n',
    }),
    layer({
      'app/node_modules/lodash/package.json': '{"name":"lodash","version":"4.17.4","license":"MIT"}',
    }),
  ],
})

/**
 * An image that was pushed and waits for its assessment, and what judges it by the advisories of the demo, at the time
 * that the clock says (Unix milliseconds).
 */
export async function pushedImage(t: TestContext, clock = () => start) {
  const { database } = await testDatabase(t)
  for (const { cid } of [by, other]) await insertTenant(database, cid, `Acme ${cid.slice(0, 4)}`)
  const temporary = await temporaryFolder()
  t.after(() => temporary[Symbol.asyncDispose]())
  const begun = new Date(start)
  await importAdvisories(join(import.meta.dirname, '../../../../demo/advisories'), temporary.path, {
    now: () => begun,
  })
  const advisories = openStore(temporary.path)
  t.after(() => advisories[Symbol.dispose]())
  await advisoryState(database)
  await takeOverRevision(database, advisories.revision, begun)
  const source = imageSource(built)
  const [resolved] = (await source.resolve()).images
  assert.ok(resolved)
  const known = await readImage(source, resolved, { version: 'test', onEvent: () => {} })
  const facts = imageFacts(resolved, known.layers, known.inventory)
  const named = { registry: '', ...wanted, digest: facts.manifestDigest, indexDigest: '', imageId: '' }
  await putImage(
    database,
    by.cid,
    { imageUuid: crypto.randomUUID(), ...named, os: '', architecture: '', variant: '', source: 'push' },
    begun,
  )
  const reader = policyFacts({ database, advisories: () => advisories, now: () => begun })
  const services = policyServices({ database, clock, reader, version: '1.2.3' })
  return {
    ...services,
    digest: facts.manifestDigest as string,
    assess: () =>
      recordImage(
        { facts, documents: { manifest: '{}', config: '{}' }, known, extractorRevision: extractorRevision() },
        {
          database,
          transaction: (work) => database.transaction().execute(work),
          matcher: { match: async (groups) => matchGroups(groups, advisories, begun) },
          advisories: () => advisories,
          now: () => begun,
        },
      ),
    /** Makes a policy that blocks what meets the conditions. */
    async block(name: string, ...conditions: readonly object[]): Promise<void> {
      const { id } = await services.policies.create(by, { name })
      const rules = [{ action: 'block', policy_rules_data: { conditions } }]
      await services.policies.update(by, id, { enabled: true, rules })
    },
  }
}
