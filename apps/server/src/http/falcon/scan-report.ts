import type { Answer, falconContainer } from '@lanner/contract'
import { distributionTypes, type Finding, type LayerFacts, type Package } from '@lanner/model'
import type { ImageReport } from '../../use-cases/reports.ts'
import { mapInTurns } from '../../use-cases/turns.ts'
import { cvssV3Words } from './cvss.ts'
import { exploitedStatus, instant, languageWord, packageProvider, severityWord, titleCase } from './words.ts'

type Wire = Answer<(typeof falconContainer)['operations']['GetImageAssessmentReport']>['value']

/** The raw report of an image, as scripts of Falcon read it. Suppressed findings do not count and are left out. */
export async function toScanReport(cid: string, actor: string, stored: ImageReport): Promise<Wire> {
  const { report, image, content } = stored
  const layers = report.image?.layers ?? []
  const packages = new Map(report.packages.map((pack) => [pack.purl, pack]))
  const config = parsed(content.config)
  const { distribution } = report
  return {
    ScanInfo: {
      CID: cid,
      Username: actor,
      UserUUID: '',
      ScanUUID: image.image_uuid,
      CorrelationUUID: '',
      RequestedAt: instant(image.last_seen),
    },
    ImageInfo: {
      Registry: image.registry,
      Repository: image.repository,
      Tag: image.tag,
      ID: image.image_id,
      Digest: image.digest,
      IndexDigest: image.index_digest,
      Size: image.size,
      CreatedAt: image.created ? instant(image.created) : '',
      Architecture: image.architecture,
      source: image.source,
    },
    OSInfo: { Name: distribution?.name ?? distribution?.id ?? '', Version: distribution?.version ?? '' },
    Config: config,
    ConfigInfo: objectIn(config, 'config'),
    Manifest: parsed(content.manifest),
    Layers: layers.map((layer) => layerOf(layer, image.created)),
    Packages: await mapInTurns(report.packages.filter(isSystem), (pack) =>
      systemPackage(pack, distribution?.id ?? '', layers),
    ),
    ApplicationPackages: applicationPackages(report.packages, layers),
    ELFBinaries: [],
    HashedFiles: [],
    MLModels: [],
    Vulnerabilities: await mapInTurns(
      report.findings.filter((finding) => !finding.suppressed),
      (finding) => {
        const found = stored.history.get(`${finding.package}\n${finding.vulnerability.id}`)?.firstFound
        const pack = packages.get(finding.package)
        return { Vulnerability: vulnerability(finding, pack, distribution?.id ?? '', layers, found) }
      },
    ),
    Detections: stored.detections.map((detection) => ({
      Detection: {
        ID: detection.detection_id,
        Type: detectionType(detection.type),
        Name: detection.name,
        Title: detection.title,
        Description: detection.description,
        Remediation: detection.remediation,
        Severity: severityWord(detection.severity),
        Details: detection.details,
      },
    })),
    InventoryEngineInfo: {
      CollectedAt: instant(content.read_at),
      EngineVersion: content.extractor_revision,
      CWPPScannerVersion: '',
      ELFModelVersion: '',
    },
    DetectionEngineInfo: {
      PerformedAt: report.assessedAt,
      EngineVersion: report.advisories?.revision ?? '',
      // Beyond the vendor's members: what the assessment leaves open. Empty for a complete one.
      ...{
        State: report.state,
        Warnings: report.reasons.filter((it) => !it.informational).map((it) => it.message),
      },
    },
  }
}

function isSystem(pack: Package): boolean {
  return distributionTypes.has(pack.type)
}

function place(pack: Package | undefined, layers: readonly LayerFacts[]) {
  const index = pack?.locations[0]?.layerIndex ?? -1
  return { LayerHash: layers[index]?.digest ?? '', LayerIndex: index }
}

function layerOf(layer: LayerFacts, created: Date | null) {
  return {
    Digest: layer.digest,
    Size: layer.size,
    CreatedAt: created ? instant(created) : '',
    CreatedBy: layer.createdBy ?? '',
    type: 0,
    layer_inventory_s3_key: '',
  }
}

function sourceOf({ name, version, source }: Package): string {
  return `${source?.name ?? name} ${source?.version ?? version}`
}

function systemPackage(pack: Package, vendor: string, layers: readonly LayerFacts[]) {
  return {
    Vendor: vendor,
    Product: pack.name,
    MajorVersion: pack.version,
    SoftwareArchitecture: pack.arch ?? '',
    PackageProvider: packageProvider(pack.type) ?? '',
    PackageSource: sourceOf(pack),
    PackageHash: '',
    Status: 'installed',
    ...place(pack, layers),
  }
}

function libraryName({ type, namespace, name }: Package): string {
  if (!namespace) return name
  return type === 'maven' ? `${namespace}:${name}` : `${namespace}/${name}`
}

function applicationPackages(packages: readonly Package[], layers: readonly LayerFacts[]) {
  const groups = Map.groupBy(
    packages.filter((pack) => !isSystem(pack)),
    (pack) => languageWord(pack.type),
  )
  return [...groups].map(([type, members]) => ({
    type,
    libraries: members.map((pack) => ({
      Name: libraryName(pack),
      Version: pack.version,
      License: pack.licenses?.join(', ') ?? '',
      Hash: '',
      Path: pack.locations[0]?.path ?? '',
      ai_related: false,
      ...place(pack, layers),
    })),
  }))
}

/** One finding as Falcon's records have it; also what a look-up of packages answers. */
export function vulnerability(
  finding: Finding,
  pack: Package | undefined,
  distribution: string,
  layers: readonly LayerFacts[],
  firstFound: Date | undefined,
) {
  const { fixedVersions } = finding
  const system = pack !== undefined && isSystem(pack)
  const name = pack ? libraryName(pack) : finding.package
  return {
    CVEID: finding.vulnerability.id,
    LayerHash: place(pack, layers).LayerHash,
    FirstSeen: firstFound ? instant(firstFound) : '',
    ContentDataHash: '',
    Product: {
      Vendor: system ? distribution : '',
      Product: name,
      MajorVersion: pack?.version ?? '',
      SoftwareArchitecture: pack?.arch ?? '',
      PackageSource: pack ? sourceOf(pack) : '',
      PackageProvider: pack ? (packageProvider(pack.type) ?? languageWord(pack.type)) : '',
      PackageType: system ? 'OS' : 'Application',
      Path: pack?.locations[0]?.path ?? '',
    },
    Remediation: fixedVersions.length > 0 ? [`Update ${name} to ${fixedVersions.join(' or ')}`] : [],
    FixedVersions: [...fixedVersions],
    Details: record(finding),
    ExploitDetails: {
      exploit_found: finding.vulnerability.exploited !== undefined,
      reported_exploited_in_the_wild: finding.vulnerability.exploited !== undefined,
      reported_exploited_by_ransomware: finding.vulnerability.exploited?.ransomware === true,
      ...(finding.vulnerability.epss
        ? {
            epss: {
              epss_score: finding.vulnerability.epss.score,
              epss_percentile: finding.vulnerability.epss.percentile,
            },
          }
        : {}),
    },
  }
}

function record(finding: Finding) {
  const { vulnerability: known, severity, cpsRating } = finding
  const score = (version: string) => known.cvss.find((cvss) => cvss.version.startsWith(version))
  const [v2, v3, v4] = [score('2'), score('3.1') ?? score('3'), score('4')]
  const leading = v4 ?? v3 ?? v2
  // The distribution's rating where there is one, as everywhere.
  const word = severity.toUpperCase() as 'CRITICAL' | 'HIGH' | 'MEDIUM' | 'LOW' | 'NEGLIGIBLE' | 'UNKNOWN'
  const words = v3 && cvssV3Words(v3, word)
  return {
    id: known.id,
    name: known.title ?? known.id,
    description: known.description ?? known.title ?? '',
    severity: word,
    ...(leading ? { cvss_version: leading.version, vector: leading.vector, base_score: leading.score } : {}),
    ...(words ? { exploitability_score: words.exploitability_score, impact_score: words.impact_score } : {}),
    source: finding.evidence[0]?.advisory ?? '',
    source_type: finding.evidence[0]?.feed ?? '',
    ...(known.published ? { published_date: known.published } : {}),
    references: known.references.map((URL) => ({ URL, Tags: [] })),
    types: [...known.cwes],
    ...(words ? { cvss_v3_score: words } : {}),
    ...(v2 ? { cvss_v2_score: { base_score: v2.score, severity: word, vector: v2.vector } } : {}),
    exploited: { status: exploitedStatus(finding) },
    cps_rating: { CurrentRating: { Rating: titleCase(cpsRating) } },
    ...(known.exploited
      ? {
          cisa_kev_info: {
            is_cisa_kev: true,
            ...(known.exploited.dueDate ? { due_date: `${known.exploited.dueDate}T00:00:00Z` } : {}),
          },
        }
      : {}),
    ...(known.aliases.length > 0 ? { additional_info: `Also known as ${known.aliases.join(', ')}` } : {}),
  }
}

const detectionTypes = {
  malware: 'Malware',
  secret: 'Secret',
  misconfiguration: 'Misconfiguration',
  cis: 'CIS',
} as const

function detectionType(type: string): (typeof detectionTypes)[keyof typeof detectionTypes] {
  return detectionTypes[type.toLowerCase() as keyof typeof detectionTypes] ?? 'Misconfiguration'
}

/** A document as published; what is no object is shown as an empty one. */
function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = withoutNulls(JSON.parse(text))
    return isObject(value) ? value : {}
  } catch {
    return {}
  }
}

/** Go writes null for what is absent (`Cmd: null`), where every reader of a report expects the member to be missing. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(withoutNulls)
  if (!isObject(value)) return value
  const given = Object.entries(value).filter(([, item]) => item !== null)
  return Object.fromEntries(given.map(([name, item]) => [name, withoutNulls(item)]))
}

function objectIn(value: Record<string, unknown>, name: string): Record<string, unknown> {
  const member = value[name]
  return isObject(member) ? member : {}
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
