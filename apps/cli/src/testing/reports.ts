import type { Finding, Package, Report, ReportSet } from '@lanner/model'

/** A finding of no consequence but for what is given. */
export function finding(given: Partial<Finding> = {}): Finding {
  return {
    vulnerability: { id: 'CVE-2024-1', aliases: [], cvss: [], cwes: [], references: [] },
    package: 'pkg:npm/x@1',
    verdict: 'affected',
    severity: 'high',
    ratings: [],
    fixState: 'fixed',
    fixedVersions: ['2'],
    cpsRating: 'low',
    evidence: [],
    ...given,
  }
}

export const somePackage: Package = {
  type: 'npm',
  name: 'x',
  version: '1',
  purl: 'pkg:npm/x@1',
  confidence: 'declared',
  locations: [{ path: 'app/package.json', layer: 'sha256:1', layerIndex: 0, extractor: 'test' }],
}

export function report(given: Partial<Report> = {}): Report {
  return {
    reference: 'test:image',
    source: 'image',
    repositoryCpes: [],
    state: 'assessed',
    reasons: [],
    packages: [somePackage],
    findings: [],
    assessedAt: '2026-01-01T00:00:00.000Z',
    ...given,
  }
}

export function reportSet(reports: readonly Report[], others: ReportSet['others'] = []): ReportSet {
  return { reference: 'test:image', tool: { name: 'lanner', version: 'test' }, reports, others }
}
