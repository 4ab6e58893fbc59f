import {
  type Digest,
  type Distribution,
  type Finding,
  type ImageFacts,
  type Package,
  type PackageFacts,
  parseDigest,
  purlOf,
  type Report,
  type ReportSet,
} from '@lanner/model'

/** A digest of nothing, told apart by its first character. */
export function digestOf(character: string): Digest {
  const digest = parseDigest(`sha256:${character.repeat(64)}`)
  if (!digest) throw new TypeError(`${character} is no hexadecimal character`)
  return digest
}

export const bookworm: Distribution = {
  id: 'debian',
  version: '12',
  codename: 'bookworm',
  like: [],
  name: 'Debian GNU/Linux 12 (bookworm)',
  path: 'etc/os-release',
}

export function packageOf(
  facts: Omit<PackageFacts, 'confidence'> & Partial<Package>,
  distribution?: Distribution,
): Package {
  const stated: Omit<Package, 'purl'> = {
    confidence: 'declared',
    locations: [{ path: 'var/lib/dpkg/status', layer: digestOf('a'), layerIndex: 0, extractor: 'os/dpkg' }],
    ...facts,
  }
  return { ...stated, purl: facts.purl ?? purlOf(stated, distribution) }
}

export function imageOf(architecture: string, more: Partial<ImageFacts> = {}): ImageFacts {
  return {
    reference: 'registry.example/team/app:1.0',
    manifestDigest: digestOf(architecture === 'amd64' ? '1' : '2'),
    configDigest: digestOf('c'),
    platform: { os: 'linux', architecture },
    layers: [
      {
        index: 0,
        digest: digestOf('b'),
        diffId: digestOf('a'),
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        size: 10,
        inflatedSize: 20,
        entries: 3,
        createdBy: 'ADD rootfs.tar / # "quoted"',
      },
    ],
    distribution: bookworm,
    labels: { 'org.opencontainers.image.title': 'app' },
    user: '1000',
    entrypoint: ['/bin/app'],
    ...more,
  }
}

export function findingOf(pack: Package, id: string, more: Partial<Finding> = {}): Finding {
  return {
    vulnerability: {
      id,
      aliases: [],
      cvss: [],
      cwes: [],
      references: [],
    },
    package: pack.purl,
    verdict: 'affected',
    severity: 'high',
    ratings: [{ severity: 'high', source: 'debian', given: 'high' }],
    fixState: 'fixed',
    fixedVersions: ['3.0.11-1~deb12u2'],
    cpsRating: 'medium',
    evidence: [
      {
        advisory: 'DSA-5532-1',
        feed: 'osv',
        ecosystem: 'Debian:12',
        name: 'openssl',
        matchedBy: 'source',
        version: '3.0.9-1',
        verdict: 'affected',
        scheme: 'debian',
        range: 'introduced 0, fixed 3.0.11-1~deb12u2',
        fixedVersions: ['3.0.11-1~deb12u2'],
        fixState: 'fixed',
      },
    ],
    ...more,
  }
}

export function reportOf(packages: readonly Package[], more: Partial<Report> = {}): Report {
  return {
    reference: 'registry.example/team/app:1.0',
    image: imageOf('amd64'),
    source: 'image',
    distribution: bookworm,
    repositoryCpes: [],
    state: 'assessed',
    reasons: [],
    packages,
    findings: [],
    advisories: {
      revision: 'r1',
      sources: [{ source: 'osv/Debian', records: 3, checked: '2026-01-02T03:04:05Z' }],
    },
    assessedAt: '2026-01-02T03:04:05.678Z',
    ...more,
  }
}

export function setOf(reports: readonly Report[], more: Partial<ReportSet> = {}): ReportSet {
  return {
    reference: 'registry.example/team/app:1.0',
    tool: { name: 'lanner', version: '0.1.0' },
    reports,
    others: [],
    ...more,
  }
}
