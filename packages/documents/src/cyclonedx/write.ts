import type { Report, ReportSet } from '@lanner/model'
import { documentUuid } from '../document-id.ts'
import { imagePurl } from '../image-purl.ts'
import { reportLabels } from '../platform-label.ts'
import { subjectProperties } from '../subject-properties.ts'
import { timestamp } from '../time.ts'
import { operatingSystem, packageComponent } from './component.ts'
import { References } from './references.ts'
import { type Affected, vulnerabilitiesOf } from './vulnerability.ts'

/**
 * A CycloneDX 1.6 bill of materials with vulnerabilities. One image is the subject of the document (`metadata.component`)
 * and its packages are the components. Of several (the platforms of an index), the index is the subject and each image a
 * component that holds its packages. https://cyclonedx.org/docs/1.6/json/
 */
export function writeCycloneDx(set: ReportSet): object {
  const references = new References()
  const root = references.unique('subject')
  const [only] = set.reports
  const body = set.reports.length === 1 ? imageBody(only, root, references) : indexBody(set, root, references)
  const time = timestamp(only?.assessedAt)
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${documentUuid('cyclonedx', set)}`,
    version: 1,
    metadata: {
      ...(time ? { timestamp: time } : {}),
      tools: { components: [{ type: 'application', name: set.tool.name, version: set.tool.version }] },
      component: body.subject,
      ...(set.others.length > 0
        ? {
            properties: set.others.map((other) => ({
              name: 'lanner:unassessed',
              value: [other.reference, other.digest, other.platform, other.code, other.message]
                .filter(Boolean)
                .join(' '),
            })),
          }
        : {}),
    },
    components: body.components,
    dependencies: body.dependencies,
    vulnerabilities: vulnerabilitiesOf(body.affected, references),
  }
}

interface Body {
  readonly subject: unknown
  readonly components: readonly unknown[]
  readonly dependencies: readonly unknown[]
  readonly affected: readonly Affected[]
}

function imageBody(report: Report, root: string, references: References): Body {
  const { components, affected } = partOf(report, '', references)
  return {
    subject: { ...imageComponent(report, root), properties: subjectProperties(report) },
    components,
    dependencies: [{ ref: root, dependsOn: components.map((component) => component['bom-ref']) }],
    affected,
  }
}

/** References are unique in a document; each platform's carry its name. */
function indexBody(set: ReportSet, root: string, references: References): Body {
  const labels = reportLabels(set.reports)
  const platforms = set.reports.map((report, index) => ({
    report,
    reference: references.unique(labels[index]),
    part: partOf(report, `${labels[index]} `, references),
  }))
  return {
    subject: indexComponent(set, root),
    components: platforms.map(({ report, reference, part }) => ({
      ...imageComponent(report, reference),
      components: part.components,
      properties: subjectProperties(report),
    })),
    dependencies: [
      { ref: root, dependsOn: platforms.map(({ reference }) => reference) },
      ...platforms.map(({ reference, part }) => ({
        ref: reference,
        dependsOn: part.components.map((component) => component['bom-ref']),
      })),
    ],
    affected: platforms.flatMap(({ part }) => part.affected),
  }
}

function partOf(report: Report, prefix: string, references: References) {
  const refs = new Map<string, string>()
  const versions = new Map<string, string>()
  const packages = report.packages.map((pack) => {
    const reference = references.unique(prefix + pack.purl)
    refs.set(pack.purl, reference)
    versions.set(pack.purl, pack.version)
    return packageComponent(pack, reference)
  })
  const { distribution } = report
  const system = distribution
    ? [operatingSystem(distribution, references.unique(`${prefix}operating-system`))]
    : []
  const affected = report.findings.flatMap((finding): Affected[] => {
    const reference = refs.get(finding.package)
    if (reference === undefined) return []
    return [{ finding, reference, version: versions.get(finding.package) ?? '' }]
  })
  return { components: [...system, ...packages], affected }
}

function imageComponent(report: Report, reference: string) {
  const { image } = report
  // What a bill of materials of unknown origin describes need not be an image.
  if (!image) return { type: 'application', 'bom-ref': reference, name: report.reference }
  const purl = imagePurl(image)
  return {
    type: 'container',
    'bom-ref': reference,
    name: report.reference,
    version: image.manifestDigest,
    ...(purl ? { purl } : {}),
  }
}

function indexComponent(set: ReportSet, reference: string) {
  const digest = set.reports.find((report) => report.image?.indexDigest)?.image?.indexDigest
  return {
    type: 'container',
    'bom-ref': reference,
    name: set.reference,
    ...(digest ? { version: digest } : {}),
  }
}
