import { Type } from 'typebox'
import { del, get } from '../define.ts'
import { acknowledged, bare, resources, text } from '../parts.ts'
import { PolicyCheck } from './schemas/policy-check.ts'
import { ScanReport } from './schemas/scan-report.ts'
import { imageRead, imageWrite } from './scopes.ts'

/** What was found in one image, and whether policies let it pass. */
export const reportOperations = {
  GetImageAssessmentReport: get('/reports', {
    tier: 'seed',
    uploadHost: true,
    scope: imageRead,
    summary: 'Returns the raw scan report of an image that was pushed to the upload host.',
    snakeName: 'get_assessment',
    query: {
      repository: text('repository as pushed; goes with tag'),
      tag: text('goes with repository'),
      image_id: text('goes with digest'),
      digest: text('goes with image_id'),
    },
    reply: bare(ScanReport),
    failures: {
      400: 'neither repository and tag nor image_id and digest are given',
      404: 'the image is unknown, or its assessment is pending or not possible; the message says which and why',
    },
    quirks: [
      'In the vendor cloud it lives on a host of its own (container-upload); here on the same listener.',
      'The body is the bare report, without an envelope.',
      'While the assessment is pending the answer is a 404, never an empty report.',
      'image_id and digest win over repository and tag when all four are given.',
      'Vulnerabilities and Detections are always there.',
      'A {} body is let pass.',
    ],
  }),

  GetReportByReference: get('/image-assessment/entities/reports/v2', {
    tier: 'newer',
    scope: imageRead,
    summary:
      'Returns the scan report of an image chosen by registry, repository, tag, image id, digest or architecture.',
    query: {
      architecture: text('platform architecture such as amd64 or arm64'),
      digest: text('image digest, sha256: followed by 64 hex digits'),
      image_id: text('image id (config digest)'),
      registry: text('registry host, such as docker.io'),
      report_format: text('format of the report', {
        default: 'json',
        choices: ['json', 'cyclonedx-json', 'sarif'],
      }),
      repository: text('repository name inside the registry'),
      tag: text('image tag'),
    },
    reply: resources(Type.Unknown()),
    failures: {
      400: 'the parameters name no image',
      404: 'the image is unknown, or its assessment is pending or not possible; the message says which and why',
    },
    quirks: ['resources holds one document of the asked format.'],
  }),

  GetReportByScanID: get('/image-assessment/entities/reports/v2/{uuid}', {
    tier: 'newer',
    scope: imageRead,
    summary: 'Returns the scan report of one scan.',
    snakeName: 'get_report_by_id',
    query: {
      report_format: text('format of the report', {
        default: 'json',
        choices: ['json', 'cyclonedx-json', 'sarif'],
      }),
    },
    path: { uuid: 'scan id' },
    reply: resources(Type.Unknown()),
    failures: { 404: 'no such scan, or it is pending or not possible; the message says which and why' },
    quirks: ['resources holds one document of the asked format.'],
  }),

  ImageMatchesPolicy: get('/policy-checks', {
    tier: 'seed',
    uploadHost: true,
    scope: imageRead,
    summary:
      'Evaluates the image assessment policies for a pushed image (first version, on the upload host).',
    query: {
      policy_type: text('fixed text that falconpy always adds', {
        default: 'image-prevention-policy',
        choices: ['image-prevention-policy'],
      }),
      repository: text('repository name inside the registry', { required: true }),
      tag: text('image tag', { required: true }),
    },
    reply: resources(PolicyCheck),
    failures: {
      404: 'the image is unknown, or its assessment is pending or not possible; the message says which and why',
    },
    quirks: [
      'In the vendor cloud it lives on a host of its own (container-upload); here on the same listener.',
      'Times end in Z.',
      'errors is empty on success.',
    ],
  }),

  PolicyChecks: get('/image-assessment/entities/policy-checks/v2', {
    tier: 'newer',
    scope: imageRead,
    summary: 'Evaluates the image assessment policies for one image and says whether it is denied.',
    snakeName: 'check_prevention_policies',
    query: {
      architecture: text('platform architecture such as amd64 or arm64'),
      registry: text('registry host, such as docker.io'),
      repository: text('repository name inside the registry', { required: true }),
      tag: text('image tag', { required: true }),
    },
    reply: resources(PolicyCheck),
    failures: {
      404: 'the image is unknown, or its assessment is pending or not possible; the message says which and why',
    },
    quirks: ['Times end in Z.', 'errors is empty on success.'],
  }),

  DeleteImageDetails: del('/images/{image_id}', {
    tier: 'seed',
    uploadHost: true,
    scope: imageWrite,
    summary: 'Forgets an image and everything assessed about it.',
    path: { image_id: 'image id' },
    reply: acknowledged(),
    failures: { 404: 'no such image in this account' },
    quirks: [
      'In the vendor cloud it lives on a host of its own (container-upload); here on the same listener.',
      'The answer has no resources.',
    ],
  }),
} as const
