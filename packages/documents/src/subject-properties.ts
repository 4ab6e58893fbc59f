import type { AssessmentReason, Distribution, ImageFacts, Report } from '@lanner/model'
import { DocumentFault } from './document-fault.ts'
import type { DocumentInventory } from './inventory.ts'
import { inventoryReasons } from './inventory.ts'
import { reportParts } from './json/schema.ts'
import type { SchemaNode } from './json/schema-node.ts'
import { inSchemaOrder, shaped } from './json/shape.ts'
import type { Property } from './package-properties.ts'

/**
 * What of an image's report neither CycloneDX nor SPDX has a field for. `lanner:image`, `lanner:distribution` and
 * `lanner:reason` hold JSON, by the parts of the same name of the report's schema.
 */
export function subjectProperties(report: Report): Property[] {
  const { image, distribution, reason } = reportParts
  const json = (value: unknown, node: SchemaNode) => JSON.stringify(inSchemaOrder(value, node))
  return [
    { name: 'lanner:reference', value: report.reference },
    { name: 'lanner:state', value: report.state },
    { name: 'lanner:assessedAt', value: report.assessedAt },
    ...(report.advisories ? [{ name: 'lanner:advisories:revision', value: report.advisories.revision }] : []),
    ...(report.image ? [{ name: 'lanner:image', value: json(report.image, image) }] : []),
    ...(report.distribution
      ? [{ name: 'lanner:distribution', value: json(report.distribution, distribution) }]
      : []),
    ...report.repositoryCpes.map((value) => ({ name: 'lanner:repositoryCpe', value })),
    ...report.reasons.map((item) => ({ name: 'lanner:reason', value: json(item, reason) })),
  ]
}

/** What `subjectProperties` said. Throws DocumentFault `malformed` when it is not what the schema says. */
export function subjectOfProperties(
  properties: ReadonlyMap<string, readonly string[]>,
): Omit<DocumentInventory, 'packages'> | undefined {
  const all = (name: string) => properties.get(`lanner:${name}`) ?? []
  const [reference] = all('reference')
  if (reference === undefined) return undefined
  const parsed = <T>(name: keyof typeof reportParts): readonly T[] =>
    all(name).map((value) => shaped<T>(parse(value, `lanner:${name}`), reportParts[name], `lanner:${name}`))
  const [image] = parsed<ImageFacts>('image')
  const [distribution] = parsed<Distribution>('distribution')
  return {
    reference,
    ...(image ? { image } : {}),
    ...(distribution ? { distribution } : {}),
    repositoryCpes: all('repositoryCpe'),
    reasons: inventoryReasons(parsed<AssessmentReason>('reason')),
  }
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new DocumentFault('malformed', `the property ${where} holds no JSON`)
  }
}
