import type { Finding, Package, Report, ReportSet } from '@lanner/model'
import { documentUuid } from '../document-id.ts'
import { imagePurl } from '../image-purl.ts'
import { DeclaredLicenses } from '../licenses/spdx.ts'
import { vulnerabilitySource } from '../link.ts'
import { packageOfPurl } from '../package-of-purl.ts'
import { packageProperties } from '../package-properties.ts'
import { subjectProperties } from '../subject-properties.ts'
import { timestamp } from '../time.ts'
import { type Annotation, Annotations } from './annotation.ts'

interface Relationship {
  readonly spdxElementId: string
  readonly relationshipType: string
  readonly relatedSpdxElement: string
}

const unstated = 'NOASSERTION'

/**
 * An SPDX 2.3 document that describes each image of the set and what it contains; vulnerabilities are external references
 * of their packages. https://spdx.github.io/spdx-spec/v2.3/
 */
export function writeSpdx(set: ReportSet): object {
  const created = createdOf(set)
  const annotations = new Annotations(`Tool: ${set.tool.name}-${set.tool.version}`, created)
  const licenses = new DeclaredLicenses()
  const packages: unknown[] = []
  const relationships: Relationship[] = []
  for (const [index, report] of set.reports.entries()) {
    const image = `SPDXRef-Image-${index}`
    relationships.push(relation('SPDXRef-DOCUMENT', 'DESCRIBES', image))
    packages.push(imagePackage(report, image, annotations))
    if (report.distribution) {
      const id = `SPDXRef-OperatingSystem-${index}`
      packages.push(operatingSystem(report.distribution, id))
      relationships.push(relation(image, 'CONTAINS', id))
    }
    const findings = Map.groupBy(report.findings, (finding) => finding.package)
    for (const [number, pack] of report.packages.entries()) {
      const id = `SPDXRef-Package-${index}-${number}`
      packages.push(packageEntry(pack, id, findings.get(pack.purl) ?? [], licenses, annotations))
      relationships.push(relation(image, 'CONTAINS', id))
    }
  }
  const extracted = licenses.extracted()
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: set.reference,
    // Under a scheme that needs no address of ours, and unique by content.
    documentNamespace: `urn:uuid:${documentUuid('spdx', set)}`,
    creationInfo: { created, creators: [`Tool: ${set.tool.name}-${set.tool.version}`] },
    ...(set.others.length > 0
      ? {
          comment: set.others
            .map(({ reference, digest, platform, message }) =>
              ['Not assessed:', reference, digest, platform, message].filter(Boolean).join(' '),
            )
            .join('\n'),
        }
      : {}),
    packages,
    ...(extracted.length > 0 ? { hasExtractedLicensingInfos: extracted } : {}),
    relationships,
  }
}

function relation(spdxElementId: string, relationshipType: string, relatedSpdxElement: string): Relationship {
  return { spdxElementId, relationshipType, relatedSpdxElement }
}

/** SPDX wants whole seconds. A set without reports says nothing of any time. */
function createdOf(set: ReportSet): string {
  const time = timestamp(set.reports[0]?.assessedAt) ?? '1970-01-01T00:00:00.000Z'
  return time.replace(/\.\d+Z$/, 'Z')
}

function imagePackage(report: Report, id: string, annotations: Annotations) {
  const purl = report.image && imagePurl(report.image)
  return {
    name: report.reference,
    SPDXID: id,
    ...(report.image ? { versionInfo: report.image.manifestDigest } : {}),
    downloadLocation: unstated,
    filesAnalyzed: false,
    licenseConcluded: unstated,
    licenseDeclared: unstated,
    copyrightText: unstated,
    primaryPackagePurpose: report.image ? 'CONTAINER' : 'OTHER',
    ...(purl ? { externalRefs: [purlReference(purl)] } : {}),
    annotations: [annotations.of(subjectProperties(report))],
  }
}

function operatingSystem({ id, version, name }: NonNullable<Report['distribution']>, spdxId: string) {
  return {
    name: id,
    SPDXID: spdxId,
    ...(version ? { versionInfo: version } : {}),
    ...(name ? { summary: name } : {}),
    downloadLocation: unstated,
    filesAnalyzed: false,
    licenseConcluded: unstated,
    licenseDeclared: unstated,
    copyrightText: unstated,
    primaryPackagePurpose: 'OPERATING-SYSTEM',
  }
}

function packageEntry(
  pack: Package,
  id: string,
  findings: readonly Finding[],
  licenses: DeclaredLicenses,
  annotations: Annotations,
) {
  const declared = licenses.declare(pack.licenses ?? [])
  const supplier = pack.vendor && singleLine(pack.vendor)
  const derived = packageOfPurl({
    purl: pack.purl,
    name: pack.name,
    ...(pack.version ? { version: pack.version } : {}),
    licenses: licenses.asRead(declared),
    ...(supplier ? { vendor: supplier } : {}),
  })
  const [first] = pack.locations
  const note: Annotation = annotations.of(packageProperties(pack, derived))
  return {
    name: pack.name,
    SPDXID: id,
    ...(pack.version ? { versionInfo: pack.version } : {}),
    ...(supplier ? { supplier: `Organization: ${supplier}` } : {}),
    downloadLocation: unstated,
    filesAnalyzed: false,
    ...(first ? { sourceInfo: `found in: ${pack.locations.map(({ path }) => path).join(', ')}` } : {}),
    licenseConcluded: unstated,
    licenseDeclared: declared,
    copyrightText: unstated,
    externalRefs: [purlReference(pack.purl), ...findings.map(advisoryReference)],
    primaryPackagePurpose: pack.type === 'generic' || pack.type === 'bitnami' ? 'APPLICATION' : 'LIBRARY',
    annotations: [note],
  }
}

function singleLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function purlReference(purl: string) {
  return { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl }
}

function advisoryReference(finding: Finding) {
  const { vulnerability, severity, verdict, fixState, fixedVersions, suppressed } = finding
  const words = [
    `severity ${severity}`,
    `verdict ${verdict}`,
    `fix ${fixState}`,
    ...(fixedVersions.length > 0 ? [`fixed in ${fixedVersions.join(', ')}`] : []),
    ...(suppressed ? [`does not count: ${suppressed.explanation}`] : []),
  ]
  return {
    referenceCategory: 'SECURITY',
    referenceType: 'advisory',
    referenceLocator: vulnerabilitySource(vulnerability.id).url,
    comment: `${vulnerability.id}: ${words.join('; ')}`,
  }
}
