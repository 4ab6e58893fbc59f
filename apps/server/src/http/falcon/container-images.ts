import type { containerImages, Handlers } from '@lanner/contract'
import type { Services } from '../../use-cases/services.ts'
import {
  assessmentDay,
  baseImageRequest,
  baseImageRow,
  detailRow,
  exportRow,
  issuesOf,
  summaryRow,
  vulnerabilitiesOf,
} from './image-rows.ts'

/** Images with what was assessed about them. */
export const containerImagesHandlers: Handlers<typeof containerImages, Services> = {
  async AggregateImageAssessmentHistory({ caller, query }, { images }) {
    const days = await images.assessments(caller.cid, query.filter)
    return { resources: [{ name: 'assessment_history', buckets: days.map(assessmentDay) }] }
  },

  async AggregateImageCountByBaseOS({ caller, query }, { images }) {
    const found = await images.countByBaseOs(caller.cid, query.filter)
    const buckets = found.map((bucket) => ({ ...bucket, label: bucket.label || 'Unknown' }))
    return { resources: [{ name: 'base_os', buckets }] }
  },

  async AggregateImageCountByState({ caller, query }, { images }) {
    const buckets = await images.countByState(caller.cid, query.filter)
    return { resources: [{ name: 'state', buckets: [...buckets] }] }
  },

  async AggregateImageCount({ caller, query }, { images }) {
    return { resources: [{ count: await images.count(caller.cid, query.filter) }] }
  },

  async CombinedBaseImages({ caller, query }, { images }) {
    return { resources: (await images.bases.list(caller.cid, query.filter)).map(baseImageRow) }
  },

  async GetCombinedImages({ caller, query, origin }, { images }) {
    const { rows, total } = await images.list(caller.cid, query)
    const { limit, offset } = query
    return {
      resources: rows.map((row) => summaryRow(caller.cid, origin.url, row)),
      pagination: { limit, offset, total },
    }
  },

  async CombinedImageByVulnerabilityCount({ caller, query }, { images }) {
    const { limit, filter } = query
    const rows = await images.mostVulnerable(caller.cid, limit, filter)
    const resources = rows.map(({ vulnerabilities, ...name }) => ({
      ...name,
      vulnerability_count: vulnerabilities,
    }))
    return { resources, pagination: { limit, offset: 0, total: rows.length } }
  },

  async CombinedImageDetail({ caller, query }, { images }) {
    const { rows, total } = await images.details(caller.cid, query, query.with_config)
    const { limit, offset } = query
    return {
      resources: rows.map((row) => detailRow(caller.cid, row)),
      pagination: { limit, offset, total },
    }
  },

  async ReadCombinedImagesExport({ caller, query }, { images }) {
    const { expand_vulnerabilities: vulnerabilities, expand_detections: detections, limit, offset } = query
    const { rows, total } = await images.exported(caller.cid, query, { vulnerabilities, detections })
    return {
      resources: rows.map((row) => exportRow(caller.cid, row)),
      pagination: { limit, offset, total },
    }
  },

  async CombinedImageIssuesSummary({ caller, query }, { images, policyChecks }) {
    const { registry, repository, tag } = query
    const issues = await images.issues(caller.cid, wanted(query))
    const { digest } = issues
    const reference = { repository, tag, digest, ...(registry === undefined ? {} : { registry }) }
    const { verdict } = await policyChecks.ofImage(caller.cid, reference)
    return { resources: [issuesOf(issues, verdict.action)] }
  },

  async CombinedImageVulnerabilitySummary({ caller, query }, { images }) {
    return { resources: [vulnerabilitiesOf(await images.vulnerabilitySummary(caller.cid, wanted(query)))] }
  },

  async DeleteBaseImages({ caller, query }, { images }) {
    const resources = await images.bases.withdraw(caller.cid, query.ids)
    return { resources, affected: resources.length }
  },

  async CreateBaseImagesEntities({ caller, body }, { images }) {
    const declared = await images.bases.declare(caller.cid, body.base_images.map(baseImageRequest))
    return { resources: declared.map(baseImageRow), affected: declared.length }
  },
}

function wanted({
  image_digest: digest,
  include_base_image_vuln: includeBase,
  ...name
}: {
  cid: string
  registry?: string
  repository: string
  tag: string
  image_digest?: string
  include_base_image_vuln: boolean
}) {
  return { ...name, digest, includeBase }
}
