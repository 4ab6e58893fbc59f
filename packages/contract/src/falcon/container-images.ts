import { Type } from 'typebox'
import { collection, del, get, post } from '../define.ts'
import {
  assessmentHistoryFields,
  baseImageFields,
  combinedImageFields,
  imageCountFields,
  imageDetailFields,
  imageExportFields,
  imageRecordFields,
  imageStateFields,
} from '../fields/image.ts'
import { boolean, fql, list, paging, resources, sortBy, text } from '../parts.ts'
import { BaseImage, BaseImagesRequest } from './schemas/base-image.ts'
import { AssessmentHistory, Count, Split } from './schemas/count.ts'
import { ImageDetail, ImageSummary, ImageVulnerabilityCount } from './schemas/image.ts'
import { ImageExportRow } from './schemas/image-export.ts'
import { ImageIssues, ImageVulnerabilities } from './schemas/image-summary.ts'
import { imageRead, imageWrite } from './scopes.ts'

/** Images with what was assessed about them: lists, counts, summaries, and the images that count as bases. */
export const containerImages = collection('falcon', 'Container Images', {
  AggregateImageAssessmentHistory: get('/container-security/aggregates/images/assessment-history/v1', {
    tier: 'seed',
    scope: imageRead,
    summary: 'Number of image assessments over time.',
    snakeName: 'aggregate_assessment_history',
    query: { filter: fql(assessmentHistoryFields) },
    reply: resources(AssessmentHistory),
  }),

  AggregateImageCountByBaseOS: get('/container-security/aggregates/images/count-by-os-distribution/v1', {
    tier: 'seed',
    scope: imageRead,
    summary: 'Number of images for each base operating system.',
    snakeName: 'aggregate_count_by_base_os',
    query: { filter: fql(imageRecordFields) },
    reply: resources(Split),
  }),

  AggregateImageCountByState: get('/container-security/aggregates/images/count-by-state/v1', {
    tier: 'seed',
    scope: imageRead,
    summary: 'Number of images for each assessment state.',
    snakeName: 'aggregate_count_by_state',
    query: { filter: fql(imageStateFields) },
    reply: resources(Split),
  }),

  AggregateImageCount: get('/container-security/aggregates/images/count/v1', {
    tier: 'seed',
    scope: imageRead,
    summary: 'Number of images that match a filter.',
    snakeName: 'aggregate_count',
    query: { filter: fql(imageCountFields) },
    reply: resources(Count),
  }),

  CombinedBaseImages: get('/container-security/combined/base-images/v1', {
    tier: 'newer',
    scope: imageRead,
    summary: 'Lists the images that were declared as base images.',
    snakeName: 'get_combined_base_images',
    query: { filter: fql(baseImageFields) },
    reply: resources(BaseImage),
  }),

  GetCombinedImages: get('/container-security/combined/image-assessment/images/v1', {
    tier: 'seed',
    scope: imageRead,
    summary: 'Assessed images, one row each, with severity and count columns.',
    alsoIn: ['Falcon Container'],
    query: {
      ...paging({ limit: 200, window: 10_000 }),
      filter: fql(combinedImageFields),
      sort: sortBy(combinedImageFields),
    },
    reply: resources(ImageSummary),
    quirks: [
      'Pages go up to 200 rows, as the older documentation says; the newer says 100.',
      'offset and limit together must not pass 10000.',
    ],
  }),

  CombinedImageByVulnerabilityCount: get('/container-security/combined/images/by-vulnerability-count/v1', {
    tier: 'seed',
    scope: imageRead,
    summary: 'Images with the most vulnerabilities first.',
    snakeName: 'get_combined_images_by_vulnerability_count',
    query: { ...paging({ limit: 10_000 }), filter: fql(imageRecordFields) },
    reply: resources(ImageVulnerabilityCount),
    quirks: ['offset has no effect.'],
  }),

  CombinedImageDetail: get('/container-security/combined/images/detail/v1', {
    tier: 'seed',
    scope: imageRead,
    summary: 'Full image records, optionally with the image configuration.',
    snakeName: 'get_combined_detail',
    query: {
      ...paging({ limit: 100, window: 10_000 }),
      filter: fql(imageDetailFields),
      sort: sortBy(imageDetailFields),
      with_config: boolean('whether the rows carry the image configuration', { default: false }),
    },
    reply: resources(ImageDetail),
  }),

  ReadCombinedImagesExport: get('/container-security/combined/images/export/v1', {
    tier: 'seed',
    scope: imageRead,
    summary: 'Image rows for an export, optionally one row per vulnerability or detection.',
    snakeName: 'read_combined_export',
    query: {
      ...paging({ limit: 100, window: 10_000 }),
      expand_detections: boolean('one row per detection instead of aggregated columns', { default: false }),
      expand_vulnerabilities: boolean('one row per vulnerability instead of aggregated columns', {
        default: false,
      }),
      filter: fql(imageExportFields),
      sort: sortBy(imageExportFields),
    },
    reply: resources(ImageExportRow),
  }),

  CombinedImageIssuesSummary: get('/container-security/combined/images/issues-summary/v1', {
    tier: 'seed',
    scope: imageRead,
    summary: 'For one image: counts of image detections, runtime detections, policies and vulnerabilities.',
    snakeName: 'get_combined_issues_summary',
    query: {
      cid: text('customer id', { required: true }),
      image_digest: text('image digest'),
      include_base_image_vuln: boolean('whether vulnerabilities that come from a declared base image count', {
        default: false,
      }),
      registry: text('registry host, such as docker.io; empty for an image that was pushed here'),
      repository: text('repository name inside the registry', { required: true }),
      tag: text('image tag', { required: true }),
    },
    reply: resources(ImageIssues),
    failures: { 404: 'no such image in this account' },
  }),

  CombinedImageVulnerabilitySummary: get('/container-security/combined/images/vulnerabilities-summary/v1', {
    tier: 'seed',
    scope: imageRead,
    summary: 'For one image: vulnerability totals, split by severity, fixability and the like.',
    snakeName: 'get_combined_vulnerabilities_summary',
    query: {
      cid: text('customer id', { required: true }),
      image_digest: text('image digest'),
      include_base_image_vuln: boolean('whether vulnerabilities that come from a declared base image count', {
        default: false,
      }),
      registry: text('registry host, such as docker.io; empty for an image that was pushed here'),
      repository: text('repository name inside the registry', { required: true }),
      tag: text('image tag', { required: true }),
    },
    reply: resources(ImageVulnerabilities),
    failures: { 404: 'no such image in this account' },
  }),

  DeleteBaseImages: del('/container-security/entities/base-images/v1', {
    tier: 'newer',
    scope: imageWrite,
    summary: 'Withdraws base image declarations.',
    query: { ids: list('base image ids', { required: true }) },
    reply: resources(Type.String()),
    failures: { 404: 'none of the ids is known' },
  }),

  CreateBaseImagesEntities: post('/container-security/entities/base-images/v1', {
    tier: 'newer',
    scope: imageWrite,
    summary: 'Declares images as base images.',
    snakeName: 'create_base_images',
    body: BaseImagesRequest,
    reply: resources(BaseImage),
    quirks: ['The good status is 200, not 201.'],
  }),
})
