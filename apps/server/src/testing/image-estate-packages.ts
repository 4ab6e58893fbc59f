import type { PackageType } from '@lanner/model'
import type { Database } from '../db/database.ts'
import { putFindings, putVulnerabilities } from '../db/finding.ts'
import { addPackages, contextId, countPackageFindings } from '../db/package.ts'
import { isAiPackage } from '../use-cases/ai-packages.ts'

interface EstateFinding {
  readonly id: string
  /** 5 critical to 0 unknown. */
  readonly severity: number
  /** 4 critical to 1 low. */
  readonly cps: number
  readonly score: number | null
  readonly exploited?: true
  readonly fixed?: string
}

interface EstatePackage {
  readonly type: PackageType
  readonly name: string
  readonly version: string
  readonly suppressed?: true
  readonly findings: readonly EstateFinding[]
}

const packages = {
  expat: {
    type: 'deb',
    name: 'libexpat1',
    version: '2.5.0-1',
    findings: [
      { id: 'CVE-2024-1', severity: 5, cps: 4, score: 9.8, exploited: true, fixed: '2.5.0-1+deb12u1' },
      { id: 'CVE-2024-2', severity: 3, cps: 1, score: 5.3 },
    ],
  },
  bash: { type: 'deb', name: 'bash', version: '5.2.15', findings: [] },
  lodash: {
    type: 'npm',
    name: 'lodash',
    version: '4.17.4',
    findings: [{ id: 'CVE-2019-9', severity: 4, cps: 2, score: 7.4, fixed: '4.17.12' }],
  },
  torch: {
    type: 'pypi',
    name: 'torch',
    version: '2.0.0',
    findings: [{ id: 'CVE-2023-7', severity: 2, cps: 1, score: 3.1 }],
  },
  odd: {
    type: 'npm',
    name: 'odd',
    version: '1.0.0',
    findings: [
      { id: 'CVE-2020-5', severity: 0, cps: 1, score: null },
      { id: 'CVE-2020-6', severity: 1, cps: 1, score: 0 },
    ],
  },
  /** Part of a package of the distribution, whose advisories decide about it. */
  owned: {
    type: 'pypi',
    name: 'python-apt',
    version: '2.6.0',
    suppressed: true,
    findings: [{ id: 'CVE-2018-1', severity: 5, cps: 3, score: 9.1 }],
  },
} as const satisfies Readonly<Record<string, EstatePackage>>

/** What cases call a package. */
export type PackageName = keyof typeof packages

/** The packages that images of the estate have, and what was found in them, as of a day; their ids by their words. */
export async function putPackages(database: Database, day: Date): Promise<ReadonlyMap<string, number>> {
  const context = await contextId(database, Buffer.from('context'), null, [])
  const all = Object.entries<EstatePackage>(packages)
  const added = await addPackages(
    database,
    all.map(([word, { type, name, version }]) => ({
      identity: Buffer.from(word),
      contextId: context,
      type,
      name,
      version,
      purl: `pkg:${type}/${name}@${version}`,
      licenses: [],
      facts: '{}',
      names: [name],
      aiRelated: isAiPackage(type, name),
    })),
    day,
  )
  const ids = new Map(all.map(([word]) => [word, added.get(Buffer.from(word).toString('hex')) ?? -1]))
  const found = all.flatMap(([word, { findings }]) => findings.map((finding) => ({ word, finding })))
  await putVulnerabilities(
    database,
    found.map(({ finding: { id, severity, score, cps, exploited } }) => ({
      id,
      severity,
      cvssScore: score,
      cvssVector: null,
      cpsRating: cps,
      epss: null,
      exploited: exploited === true,
      published: '2024-08-30T03:15:00Z',
      title: null,
      description: `About ${id}`,
      malicious: false,
      facts: '{}',
    })),
    day,
  )
  await putFindings(
    database,
    found.map(({ word, finding: { id, severity, cps, exploited, fixed } }) => ({
      packageId: ids.get(word) ?? -1,
      vulnerabilityId: id,
      verdict: 'affected',
      severity,
      cpsRating: cps,
      fixState: fixed === undefined ? 'none' : 'fixed',
      fixedVersions: fixed === undefined ? [] : [fixed],
      exploited: exploited === true,
      facts: '{}',
      factsDigest: '',
    })),
    day,
  )
  await countPackageFindings(database, [...ids.values()])
  return ids
}
