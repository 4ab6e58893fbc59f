import type { Cvss, Finding, Package, Report } from '@lanner/model'
import type { ImagePolicyFacts, PolicyDetection, PolicyFinding, PolicyPackage } from './facts.ts'
import { fixedSince } from './fixed-since.ts'

/** What a report does not say of an image. */
export interface ReportSurroundings {
  readonly registry: string
  readonly repository: string
  readonly tag: string
  /** Diff ids of the layers that are known to come from a base image; every other layer is one's own. */
  readonly baseLayers?: ReadonlySet<string>
  /** As lists of images show it; else the distribution's own name. */
  readonly baseOs?: string
  readonly detections?: readonly PolicyDetection[]
  readonly signed?: boolean
}

/** What policies can ask of an image, from its report. Suppressed findings do not count. */
export function factsOfReport(report: Report, surroundings: ReportSurroundings): ImagePolicyFacts {
  const { image, distribution, packages, findings } = report
  const { registry, repository, tag, baseLayers, detections = [], signed } = surroundings
  const index = new Map(packages.map(({ purl }, at) => [purl, at]))
  const baseOs = surroundings.baseOs || distribution?.name
  const root = image && startsAsRoot(image.user)
  return {
    registry,
    repository,
    tag,
    digest: image?.manifestDigest ?? '',
    ...(image?.indexDigest ? { indexDigest: image.indexDigest } : {}),
    ...(baseOs ? { baseOs } : {}),
    ...(distribution
      ? {
          distribution: {
            id: distribution.id,
            ...(distribution.version ? { version: distribution.version } : {}),
          },
        }
      : {}),
    ...(image?.platform.architecture ? { architecture: image.platform.architecture } : {}),
    ...(image?.created ? { created: image.created } : {}),
    assessment: report.state,
    ...(root === undefined ? {} : { runsAsRoot: root }),
    ...(signed === undefined ? {} : { signed }),
    packages: packages.map((pack) => policyPackage(pack, baseLayers)),
    findings: findings
      .filter(({ suppressed }) => suppressed === undefined)
      .map((finding) => policyFinding(finding, index.get(finding.package) ?? -1)),
    detections,
  }
}

function policyPackage(pack: Package, base: ReadonlySet<string> | undefined): PolicyPackage {
  return {
    type: pack.type,
    ...(pack.namespace ? { namespace: pack.namespace } : {}),
    name: pack.name,
    version: pack.version,
    purl: pack.purl,
    licenses: pack.licenses ?? [],
    places: pack.locations.map(({ path, layer }) => ({
      path,
      layer,
      ...(layer === '' ? {} : { origin: base?.has(layer) ? ('base' as const) : ('own' as const) }),
    })),
  }
}

function policyFinding(finding: Finding, pack: number): PolicyFinding {
  const { vulnerability, verdict, severity, cpsRating, fixedVersions } = finding
  const since = fixedSince(finding)
  const { id, aliases, cvss, epss, exploited, published } = vulnerability
  const score = leading(cvss)?.score
  return {
    vulnerability: id,
    aliases,
    package: pack,
    verdict,
    severity,
    ...(score === undefined ? {} : { cvssScore: score }),
    cpsRating,
    ...(epss ? { epss: epss.score } : {}),
    exploited: exploited !== undefined,
    fixAvailable: fixedVersions.length > 0,
    ...(fixedVersions.length > 0 ? { fixedVersions } : {}),
    ...(since ? { fixedSince: since } : {}),
    ...(published ? { published } : {}),
  }
}

/** Of the newest version of CVSS, the highest. */
function leading(cvss: readonly Cvss[]): Cvss | undefined {
  return cvss.toSorted((a, b) =>
    a.version === b.version ? b.score - a.score : a.version < b.version ? 1 : -1,
  )[0]
}

/** A user by number or name, maybe with a group behind a colon; none is root. https://github.com/opencontainers/image-spec/blob/main/config.md */
function startsAsRoot(user: string | undefined): boolean {
  const name = (user ?? '').split(':', 1)[0]?.trim() ?? ''
  return name === '' || name === 'root' || /^0+$/.test(name)
}
