import { createHash } from 'node:crypto'
import type { Row } from './copy-rows.ts'
import { type Estate, type EstatePackage, type EstateSet, sha256 } from './estate.ts'

export function* vulnerabilityRows({ vulnerabilities, packages }: Estate, now: string): Generator<Row> {
  const found = new Map(
    packages.flatMap(({ findings }) => findings.map((finding) => [finding.vulnerability, finding] as const)),
  )
  for (const [index, it] of vulnerabilities.entries()) {
    const finding = found.get(index)
    if (!finding) continue
    const [cvss] = it.cvss
    yield [
      it.id,
      finding.severity,
      cvss.score,
      cvss.vector,
      finding.cpsRating,
      it.epss?.score ?? null,
      it.exploited !== undefined,
      it.published ?? null,
      it.title ?? null,
      it.description ?? null,
      false,
      JSON.stringify(it),
      now,
    ]
  }
}

export function* nameRows(packages: readonly EstatePackage[]): Generator<Row> {
  for (const { id, names } of packages) for (const name of new Set(names)) yield [name, id]
}

export function* findingRows({ packages, vulnerabilities }: Estate, now: string): Generator<Row> {
  for (const { id, facts, findings } of packages) {
    for (const { vulnerability, severity, cpsRating, fixed } of findings) {
      const { id: name, cvss } = vulnerabilities[vulnerability]
      const system = facts.type === 'deb'
      const evidence = {
        advisory: system ? `DEBIAN-${name}` : `GHSA-${sha256(name).slice(0, 14)}`,
        feed: 'osv',
        ecosystem: system ? 'Debian:12' : facts.type,
        name: facts.source?.name ?? facts.name,
        matchedBy: system ? 'source' : 'name',
        version: facts.version,
        verdict: 'affected',
        scheme: system ? 'deb' : 'npm',
        range: `introduced 0${fixed ? `, fixed ${fixed}` : ''}`,
        fixedVersions: fixed ? [fixed] : [],
        fixState: fixed ? 'fixed' : 'not-fixed',
      }
      const ratings = [{ severity: 'high', source: `cvss 3.1 (${name})`, given: String(cvss[0].score) }]
      const kept = JSON.stringify({ ratings, evidence: [evidence] })
      yield [
        id,
        name,
        'affected',
        severity,
        cpsRating,
        fixed ? 'fixed' : 'not-fixed',
        fixed ? `{${fixed}}` : '{}',
        kept,
        createHash('md5').update(kept).digest('hex'),
        now,
      ]
    }
  }
}

export function* memberRows(sets: readonly EstateSet[]): Generator<Row> {
  for (const { id, members } of sets)
    for (const [position, member] of members.entries()) yield [id, member.id, position, false]
}
