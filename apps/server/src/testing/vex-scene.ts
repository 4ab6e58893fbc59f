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
import type { VexImport } from '../use-cases/vex.ts'
import { testDatabase } from './database.ts'

export const start = Date.parse('2026-03-02T09:00:00Z')
export const by = { cid: '0f1e2d3c4b5a69788796a5b4c3d2e1f0', actor: 'ci' }
export const other = { cid: 'f'.repeat(32), actor: 'other' }
export const wanted = { repository: 'shop/checkout', tag: '1.8.2' }
export const host = 'registry.example:8080'

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
    layer({ 'app/node_modules/lodash/package.json': '{"name":"lodash","version":"4.17.4"}' }),
  ],
})

/** A pushed and assessed image under a policy that denies it for what is in npm packages. */
export async function vexScene(t: TestContext) {
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
  await recordImage(
    { facts, documents: { manifest: '{}', config: '{}' }, known, extractorRevision: extractorRevision() },
    {
      database,
      transaction: (work) => database.transaction().execute(work),
      matcher: { match: async (groups) => matchGroups(groups, advisories, begun) },
      advisories: () => advisories,
      now: () => begun,
    },
  )
  let now = start
  const reader = policyFacts({ database, advisories: () => advisories, now: () => begun })
  const services = policyServices({ database, clock: () => now, reader, version: '1.2.3' })
  const { policies, policyChecks, vex } = services
  const { id } = await policies.create(by, { name: 'npm' })
  const conditions = [{ prop: 'package_type', value: 'npm' }]
  await policies.update(by, id, {
    enabled: true,
    rules: [{ action: 'block', policy_rules_data: { conditions } }],
  })
  return {
    ...services,
    digest: facts.manifestDigest as string,
    denied: async () => (await policyChecks.ofImage(by.cid, wanted)).verdict.deny,
    take: (document: unknown, options: { dryRun?: boolean; keepUnmatched?: boolean } = {}) =>
      vex.import(by, document, { dryRun: false, keepUnmatched: false, host, ...options }),
    pass: (seconds: number) => void (now += seconds * 1000),
    exclusions: async () => (await services.policyExclusions.read(by.cid)).exclusions,
  }
}

/** An OpenVEX document as its specification has it; times are minutes after nine. */
export function openVex(
  statements: readonly object[],
  { id = 'https://acme.example/vex/checkout', version = 1, minute = 0, author = 'Acme Security' } = {},
) {
  const timestamp = new Date(start + minute * 60_000).toISOString()
  return { '@context': 'https://openvex.dev/ns/v0.2.0', '@id': id, author, timestamp, version, statements }
}

export const said = (status: string, product: object, name = cve) => ({
  vulnerability: { name },
  products: [product],
  status,
  ...(status === 'not_affected' ? { justification: 'vulnerable_code_not_in_execute_path' } : {}),
  ...(status === 'affected' ? { action_statement: 'update' } : {}),
})

export const reasons = ({ statements }: VexImport) =>
  statements.map(({ refusals }) => refusals.map(({ reason }) => reason).join(' '))
