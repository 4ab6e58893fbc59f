import { type Body, type containerImages, falconContainer, type Row } from '@lanner/contract'
import type { BaseImage, BaseImageRequest } from '../../use-cases/base-images.ts'
import type { ExportedImage } from '../../use-cases/images-export.ts'
import type { AssessmentDay, ImageInList } from '../../use-cases/images-list.ts'
import type { DetailedImage } from '../../use-cases/images-records.ts'
import type { ImageIssues, ImageSummaryRow } from '../../use-cases/images-summary.ts'
import { cpsWord, instant, severityWord } from './words.ts'

type Images = typeof containerImages
type State = ImageInList['state']

/** What stands behind `warning`: 0 where nothing is left open. */
const warnings: Readonly<Record<State, number>> = { assessed: 0, partially: 1, not_assessable: 2, pending: 3 }

interface Counted {
  readonly state: State
  readonly vulnerabilities: number
  readonly highest_severity: number
  readonly detections: number
  readonly highest_detection_severity: number
}

/** `None` only for what was assessed: an image that nobody looked into is not without vulnerabilities. */
function worstSeverity({ state, vulnerabilities, highest_severity: rank }: Counted): string {
  return worst(state, vulnerabilities, rank)
}

function worstDetection({ state, detections, highest_detection_severity: rank }: Counted): string {
  return worst(state, detections, rank)
}

function worst(state: State, count: number, rank: number): string {
  if (count > 0) return severityWord(rank)
  return state === 'assessed' || state === 'partially' ? 'None' : 'Unknown'
}

/** Twice in every row of a page: URLSearchParams takes several times as long. */
function link(origin: string, parameters: Readonly<Record<string, string>>): string {
  let query = ''
  for (const name in parameters) {
    const value = parameters[name]
    if (value) query += `${query === '' ? '?' : '&'}${name}=${encodeURIComponent(value)}`
  }
  return origin + reportPath + query
}

const reportPath = falconContainer.operations.GetReportByReference.url

export function summaryRow(
  cid: string,
  origin: string,
  image: ImageInList,
): Row<Images, 'GetCombinedImages'> {
  const { registry, repository, tag, digest, image_id } = image
  const byId = link(origin, { image_id, digest })
  return {
    ai_related: image.ai_related,
    architecture: image.architecture,
    base_os: image.base_os,
    cid,
    containers: image.containers.running,
    detections: image.detections,
    first_seen: instant(image.first_seen),
    highest_detection_severity: worstDetection(image),
    highest_vulnerability_severity: worstSeverity(image),
    image_digest: digest,
    image_id,
    index_digest: image.index_digest,
    last_seen: instant(image.last_seen),
    layers_with_vulnerabilities: image.layers_with_vulnerabilities,
    multi_arch: image.index_digest !== '',
    packages: image.packages,
    registry,
    report_url_by_id_and_digest: byId,
    // Without a tag there is no name to ask by.
    report_url_by_repo_and_tag: tag === '' ? byId : link(origin, { registry, repository, tag }),
    repository,
    tag,
    vulnerabilities: image.vulnerabilities,
    warning: warnings[image.state],
  }
}

export function detailRow(cid: string, image: DetailedImage): Row<Images, 'CombinedImageDetail'> {
  const { base } = image
  return {
    ai_related: image.ai_related,
    ...(base ? { base_image_id: base.id } : {}),
    base_os: image.base_os,
    base_os_version: image.base_os_version,
    cid,
    ...(image.config === undefined ? {} : { config: settingsOf(image.config) }),
    created_at: image.created ? instant(image.created) : '',
    crowdstrike_user: image.actor,
    digest: image.digest,
    eol_date: image.endOfLife === undefined ? '' : `${image.endOfLife}T00:00:00Z`,
    first_scanned: instant(image.first_seen),
    image_id: image.image_id,
    // Whatever was read is matched anew with every change of the advisories.
    image_scanning_active: image.state !== 'not_assessable',
    image_size: image.size,
    ...(image.index_digest === '' ? {} : { index_digest: image.index_digest }),
    is_base_image: image.is_base_image,
    multi_arch: image.index_digest !== '',
    registry: image.registry,
    repository: image.repository,
    source: image.source,
    source_base_image: {
      digest: base?.digest ?? '',
      registry: base?.registry ?? '',
      repository: base?.repository ?? '',
      tag: base?.tag ?? '',
    },
    tag: image.tag,
    updated_at: instant(image.assessed_at ?? image.last_seen),
    uuid: image.image_uuid,
    warning: warnings[image.state],
  }
}

export function exportRow(cid: string, exported: ExportedImage): Row<Images, 'ReadCombinedImagesExport'> {
  const { image, containers } = exported
  return {
    ai_related: image.ai_related,
    architecture: image.architecture,
    base_os: image.base_os,
    cid,
    ...detectionColumns(exported),
    ...vulnerabilityColumns(exported),
    first_seen: instant(image.first_seen),
    ...(image.created ? { image_build_date: instant(image.created) } : {}),
    image_digest: image.digest,
    image_id: image.image_id,
    index_digest: image.index_digest,
    is_base_image: image.is_base_image,
    last_seen: instant(image.last_seen),
    registry: image.registry,
    repository: image.repository,
    source: image.source,
    started_containers: containers.running,
    stopped_containers: containers.stopped,
    tag: image.tag,
  }
}

function detectionColumns({ image, detection, detections }: ExportedImage) {
  if (detection)
    return {
      detection_name: detection.detection_name ?? '',
      detection_severity: severityWord(detection.detection_severity ?? 0),
      detection_type: detection.detection_type ?? '',
    }
  // A row about a vulnerability beside rows about detections has none of its own.
  const expanded = 'vulnerability_id' in image && image.detections > 0 && !detections
  return {
    detection_name: detections?.names ?? '',
    detection_severity: detections
      ? severityWord(detections.severity)
      : expanded
        ? ''
        : worst(image.state, 0, 0),
    detection_type: detections?.types ?? '',
  }
}

function vulnerabilityColumns(exported: ExportedImage) {
  const { image, vulnerability: one, vulnerabilities: all, detection, vulnerablePackages } = exported
  if (one)
    return {
      cve_exploited_status: one.exploited ? 1 : 0,
      ...(one.first_found ? { cve_first_seen: instant(one.first_found) } : {}),
      cve_id: one.vulnerability_id ?? '',
      ...(one.published ? { cve_publication_date: instant(one.published) } : {}),
      cvss_score: score(one.cvss_score),
      package_name_version: one.package_name_version ?? '',
      packages_impacted: one.packages_impacted ?? 0,
      vulnerability_cps_rating: cpsWord(one.cps_rating ?? 0),
      vulnerability_description: one.description ?? '',
      vulnerability_severity: severityWord(one.severity ?? 0),
    }
  const found = all?.ids ? all : undefined
  return {
    ...(found ? { cve_exploited_status: found.exploited ? 1 : 0 } : {}),
    ...(found?.first_found ? { cve_first_seen: instant(found.first_found) } : {}),
    cve_id: found?.ids ?? '',
    cvss_score: score(found?.cvss_score ?? null),
    packages_impacted: vulnerablePackages,
    vulnerability_cps_rating: found ? cpsWord(found.cps_rating ?? 0) : '',
    vulnerability_description: '',
    vulnerability_severity: found
      ? severityWord(found.severity ?? 0)
      : detection && !all
        ? ''
        : worst(image.state, 0, 0),
  }
}

/** Text on the wire here; PostgreSQL's single precision has no more than one decimal of a score. */
function score(value: number | null): string {
  return value === null ? '' : value.toFixed(1)
}

export function vulnerabilitiesOf(
  summary: ImageSummaryRow,
): Row<Images, 'CombinedImageVulnerabilitySummary'> {
  return {
    app_packages_with_vulnerabilities: summary.app_packages_with_vulnerabilities,
    app_vuln_by_severity: severities(summary.app_by_severity),
    image_vuln_by_severity: severities(summary.all_by_severity),
    layers_with_vulnerabilities: summary.layers_with_vulnerabilities,
    os_packages_with_vulnerabilities: summary.os_packages_with_vulnerabilities,
    os_vuln_by_severity: severities(summary.os_by_severity),
    total_app_packages: summary.total_app_packages,
    total_os_packages: summary.total_os_packages,
    total_vulnerabilities: total(summary.all_by_severity),
  }
}

/** `action`: what policies decide about the image; one policy does, the default one where no other applies. */
export function issuesOf(
  { summary, detections, containers, runtime }: ImageIssues,
  action: string,
): Row<Images, 'CombinedImageIssuesSummary'> {
  return {
    image_container_info: {
      first_seen: seconds(containers.first_seen),
      last_seen: seconds(containers.last_seen),
      running_containers: containers.running,
    },
    image_detections: detections.map(({ type, count }) => ({ type, count })),
    // Images are read, never run.
    is_dca_run: false,
    known_issues: total(summary.all_by_severity) + total(detections),
    packages_info: {
      count_with_vulnerabilities:
        summary.os_packages_with_vulnerabilities + summary.app_packages_with_vulnerabilities,
      total_count: summary.total_os_packages + summary.total_app_packages,
    },
    policies_summary: [{ action, count: 1 }],
    runtime_detections: runtime.map(({ severity, count }) => ({ label: severityWord(severity), count })),
    vulnerabilities_summary: severities(summary.all_by_severity),
    zero_day_impacted: summary.exploited_without_fix,
  }
}

function severities(counts: readonly { readonly severity: number; readonly count: number }[]) {
  return counts.map(({ severity, count }) => ({ severity: severityWord(severity), count }))
}

function total(counts: readonly { readonly count: number }[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0)
}

function seconds(date: Date | null): number {
  return date ? Math.floor(date.getTime() / 1000) : 0
}

export function assessmentDay(day: AssessmentDay) {
  return {
    assessed: day.assessed,
    error_image_pull: day.image_pull,
    error_image_push: day.image_push,
    error_missing_config: day.missing_config,
    error_unsupported_schema_version: day.unsupported_schema_version,
    time_stamp: `${day.day}T00:00:00Z`,
  }
}

export function baseImageRow(base: BaseImage): Row<Images, 'CombinedBaseImages'> {
  const { base_image_id: id, digest: image_digest, created_at, registry, repository, tag, image_id } = base
  return { id, registry, repository, tag, image_id, image_digest, created_at: instant(created_at) }
}

/** Members that were left empty were not given. */
export function baseImageRequest(
  request: Body<Images, 'CreateBaseImagesEntities'>['base_images'][number],
): BaseImageRequest {
  return {
    registry: request.registry,
    repository: request.repository || undefined,
    tag: request.tag || undefined,
    digest: request.image_digest || undefined,
    imageId: request.image_id || undefined,
  }
}

/** How an image runs, of its config as published; what has another shape there is left out. */
function settingsOf(config: string): NonNullable<Row<Images, 'CombinedImageDetail'>['config']> {
  const document = objectOf(parsed(config))
  const settings = objectOf(document['config'])
  return {
    architecture: textOf(document['architecture']),
    cmd: textsOf(settings['Cmd']),
    entry_point: textsOf(settings['Entrypoint']),
    env: textsOf(settings['Env']),
    exposed_ports: objectOf(settings['ExposedPorts']),
    labels: Object.fromEntries(
      Object.entries(objectOf(settings['Labels'])).filter(
        (label): label is [string, string] => typeof label[1] === 'string',
      ),
    ),
    user: textOf(settings['User']),
    working_dir: textOf(settings['WorkingDir']),
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {}
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
