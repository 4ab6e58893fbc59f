import type { TestContext } from 'node:test'
import type { VexImport } from '../use-cases/vex.ts'
import { by, cve, pushedImage, start, wanted } from './pushed-image.ts'

export const host = 'registry.example:8080'

/** A pushed and assessed image under a policy that denies it for what is in npm packages. */
export async function vexScene(t: TestContext) {
  let now = start
  const { assess, block, ...services } = await pushedImage(t, () => now)
  await assess()
  await block('npm', { prop: 'package_type', value: 'npm' })
  const { policyChecks, vex } = services
  return {
    ...services,
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
