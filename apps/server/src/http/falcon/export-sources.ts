import {
  type Caller,
  type Collection,
  containerAlerts,
  containerDetections,
  containerImages,
  containerPackages,
  containerVulnerabilities,
  driftIndicators,
  type FieldTable,
  type Handlers,
  imageAssessmentPolicies,
  type Operation,
  unidentifiedContainers,
} from '@lanner/contract'
import type { ContainerServices } from '../../use-cases/container-services.ts'
import type { ExportRecord } from '../../use-cases/export-file.ts'
import type { ExportRequest, ExportSource } from '../../use-cases/exports.ts'
import type { Images } from '../../use-cases/images.ts'
import type { PolicyExclusions } from '../../use-cases/policy-exclusions.ts'
import type { Services } from '../../use-cases/services.ts'
import { containerAlertsHandlers } from './container-alerts.ts'
import { containerDetectionsHandlers } from './container-detections.ts'
import { containerImagesHandlers } from './container-images.ts'
import { containerPackagesHandlers } from './container-packages.ts'
import { containerVulnerabilitiesHandlers } from './container-vulnerabilities.ts'
import { driftIndicatorsHandlers } from './drift-indicators.ts'
import { exportRow } from './image-rows.ts'
import { toExclusions } from './policy-entities.ts'
import { unidentifiedContainersHandlers } from './unidentified-containers.ts'

/** What exports are made of. */
export type ExportLists = ContainerServices & {
  readonly images: Images
  readonly policyExclusions: PolicyExclusions
}

/** Records of a page, where each takes a few hundred bytes. */
const pageLength = 500
/** Vulnerabilities and detections of the images that are expanded at once. */
const expandedLength = 2_000

interface Who {
  readonly cid: string
  readonly actor: string
}

/**
 * Every kind that is exported, with the records that the list of it shows. Of clusters, nodes, pods and the like nothing is
 * kept that would be a record: those kinds are not here, and an empty file never stands in for them.
 */
export const exportSources: ReadonlyMap<string, ExportSource<ExportLists>> = new Map([
  ['images.images-assessment', imageSource({})],
  ['images.images-assessment-expanded', imageSource({ vulnerabilities: true, detections: true })],
  ['images.images-assessment-vulnerabilities-expanded', imageSource({ vulnerabilities: true })],
  ['images.images-assessment-detections-expanded', imageSource({ detections: true })],
  ['images.packages', listSource(containerPackages, containerPackagesHandlers, 'ReadPackagesCombinedExport')],
  [
    'images.vulnerabilities',
    listSource(containerVulnerabilities, containerVulnerabilitiesHandlers, 'ReadCombinedVulnerabilities'),
  ],
  [
    'images.images-detections',
    listSource(containerDetections, containerDetectionsHandlers, 'ReadCombinedDetections'),
  ],
  ['assets.images', listSource(containerImages, containerImagesHandlers, 'CombinedImageDetail')],
  [
    'investigate.container-alerts',
    listSource(containerAlerts, containerAlertsHandlers, 'SearchAndReadContainerAlerts'),
  ],
  [
    'investigate.drift-indicators',
    listSource(driftIndicators, driftIndicatorsHandlers, 'SearchAndReadDriftIndicatorEntities'),
  ],
  [
    'investigate.runtime-detections',
    listSource(containerDetections, containerDetectionsHandlers, 'GetRuntimeDetectionsCombinedV2'),
  ],
  [
    'investigate.unidentified-containers',
    listSource(unidentifiedContainers, unidentifiedContainersHandlers, 'SearchAndReadUnidentifiedContainers'),
  ],
  ['policies.exclusions', exclusionSource()],
])

/** The records that an operation lists, all of them. */
function listSource<C extends Collection>(
  collection: C,
  handlers: Handlers<C, Services>,
  id: keyof C['operations'] & string,
): ExportSource<ExportLists> {
  const operation = collection.operations[id]!
  return {
    ...fieldsOf(operation),
    columns: columnsOf(operation),
    async *pages(lists, { cid, actor }, { filter, sort }) {
      const caller: Caller = { cid, actor, scopes: new Set() }
      // A handler of a list asks for no more of a request than this, and for no other lists than these.
      const handler = handlers[id] as unknown as (
        request: { readonly caller: Caller; readonly query: object },
        lists: ExportLists,
      ) => Promise<{ readonly resources: readonly ExportRecord[] }>
      for (let offset = 0; ; offset += pageLength) {
        const query = { filter, sort, limit: pageLength, offset }
        const { resources } = await handler({ caller, query }, lists)
        if (resources.length > 0) yield resources
        if (resources.length < pageLength) return
      }
    },
  }
}

/**
 * Images, or what they hold. An expanded export is read image by image: paging through its rows would count all rows before
 * each page.
 */
function imageSource(into: {
  readonly vulnerabilities?: boolean
  readonly detections?: boolean
}): ExportSource<ExportLists> {
  const operation = containerImages.operations.ReadCombinedImagesExport
  return {
    ...fieldsOf(operation),
    columns: columnsOf(operation),
    async *pages({ images }, who, request) {
      const expansion = {
        vulnerabilities: into.vulnerabilities === true || request.expandVulnerabilities,
        detections: into.detections === true,
      }
      for await (const only of imagesOf(images, who, request, expansion)) {
        const wanted = { ...request, only, offset: 0, limit: Number.MAX_SAFE_INTEGER }
        const { rows } = await images.exported(who.cid, wanted, expansion)
        yield rows.map((row): ExportRecord => exportRow(who.cid, row))
      }
    },
  }
}

/** Ids of the images in their order, so many at a time as one page of their rows can be held. */
async function* imagesOf(
  images: Images,
  { cid }: Who,
  { filter, sort }: ExportRequest,
  into: { readonly vulnerabilities: boolean; readonly detections: boolean },
): AsyncGenerator<readonly string[]> {
  for (let offset = 0; ; offset += pageLength) {
    const { rows } = await images.list(cid, { filter, sort, limit: pageLength, offset })
    let some: string[] = []
    let length = 0
    for (const { image_uuid, vulnerabilities, detections } of rows) {
      const own = 1 + (into.vulnerabilities ? vulnerabilities : 0) + (into.detections ? detections : 0)
      if (some.length > 0 && length + own > expandedLength) {
        yield some
        some = []
        length = 0
      }
      some.push(image_uuid)
      length += own
    }
    if (some.length > 0) yield some
    if (rows.length < pageLength) return
  }
}

function exclusionSource(): ExportSource<ExportLists> {
  const { reply } = imageAssessmentPolicies.operations.ReadPolicyExclusions
  return {
    filterFields: {},
    sortFields: {},
    columns: Object.keys(reply.schema.properties.conditions.items.properties),
    async *pages({ policyExclusions }, { cid }) {
      yield toExclusions(await policyExclusions.read(cid)).conditions
    },
  }
}

function fieldsOf({ query = {} }: Operation): { filterFields: FieldTable; sortFields: FieldTable } {
  return { filterFields: query['filter']?.fields ?? {}, sortFields: query['sort']?.fields ?? {} }
}

/** The members that its declared schema has. */
function columnsOf({ reply }: Operation): readonly string[] {
  const { properties = {} } = (reply.schema ?? {}) as { readonly properties?: object }
  return Object.keys(properties)
}
