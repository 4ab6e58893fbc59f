import { commonImages } from '../../../apps/server/src/testing/estate-images.ts'
import { containerImages } from '../../../packages/contract/src/index.ts'
import { examplesOf } from '../example.ts'

export const containerImagesExamples = examplesOf(containerImages, 'container-images', {
  AggregateImageAssessmentHistory: () => ({ query: { filter: "repository:'shop/checkout'" } }),
  AggregateImageCountByBaseOS: () => ({}),
  AggregateImageCountByState: () => ({}),
  AggregateImageCount: () => ({ query: { filter: "vulnerability_severity:'Critical'" } }),
  CombinedBaseImages: () => ({ query: { filter: "repository:'library/debian'" } }),
  GetCombinedImages: () => ({
    query: {
      filter: "repository:'shop/*'+vulnerability_severity:>='High'",
      sort: 'highest_vulnerability_severity.desc',
      limit: 2,
    },
  }),
  CombinedImageByVulnerabilityCount: () => ({ query: { limit: 2 } }),
  CombinedImageDetail: () => ({
    query: { filter: "repository:'shop/checkout'+tag:'1.8.2'", with_config: true },
  }),
  ReadCombinedImagesExport: () => ({
    query: { filter: "repository:'shop/checkout'+tag:'1.8.2'", expand_vulnerabilities: true, limit: 2 },
  }),
  CombinedImageIssuesSummary: ({ tenant }) => ({
    query: { cid: tenant.cid, repository: 'shop/checkout', tag: '1.8.2' },
  }),
  CombinedImageVulnerabilitySummary: ({ tenant }) => ({
    query: { cid: tenant.cid, repository: 'shop/checkout', tag: '1.8.2' },
  }),
  DeleteBaseImages: async ({ ask }) => {
    const [{ id }] = await ask(containerImages, 'CreateBaseImagesEntities', {
      body: { base_images: [{ repository: 'lab/heron', tag: '7' }] },
    })
    return { query: { ids: [id] } }
  },
  CreateBaseImagesEntities: () => ({
    body: {
      base_images: [
        { registry: '', repository: 'lab/heron', tag: '7', image_digest: commonImages.unknown.digest },
      ],
    },
  }),
})
