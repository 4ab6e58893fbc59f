import assert from 'node:assert/strict'
import { eventually } from './api.ts'
import { demo, demoFilter, type Ground, only, refused } from './falcon-ground.ts'

export async function containerImages({ falcon, credentials }: Ground): Promise<void> {
  const { containerImages: api } = falcon
  const listed = await eventually('the demo image', async () => {
    const page = await api.getCombinedImages(demoFilter, 'repository.asc', 10, 0)
    return page.resources.some(({ packages }) => packages > 0) ? page : undefined
  })
  const image = only(listed.resources)
  assert.equal(image.cid, credentials.cid)
  assert.deepEqual([image.repository, image.tag], [demo.repository, demo.tag])
  assert.equal(listed.meta.pagination?.total, 1)
  assert.ok(image.vulnerabilities > 0 && image.packages > 0, JSON.stringify(image))

  const none = await api.getCombinedImages("repository:'nobody/nothing'")
  assert.deepEqual([none.resources, none.meta.pagination?.total], [[], 0])
  const found = await api.getCombinedImages(`cve_id:'CVE-2019-10744'+${demoFilter}`)
  assert.equal(only(found.resources).imageDigest, image.imageDigest)
  assert.match(await refused(400, api.getCombinedImages("colour:'red'")), /colour/)

  const counted = only((await api.aggregateImageCount(demoFilter)).resources)
  assert.equal(counted.count, 1)
  const states = only((await api.aggregateImageCountByState(demoFilter)).resources)
  assert.deepEqual(
    states.buckets?.filter(({ count }) => count > 0).map(({ label, count }) => [label.toLowerCase(), count]),
    [['assessed', 1]],
  )
  const bases = only((await api.aggregateImageCountByBaseOS(demoFilter)).resources)
  assert.match(bases.buckets?.[0]?.label ?? '', /debian/i)
  const history = only((await api.aggregateImageAssessmentHistory("repository:'demo/shop'")).resources)
  assert.ok(history)

  const most = await api.combinedImageByVulnerabilityCount(undefined, 5, 0)
  assert.ok(most.resources.some(({ repository }) => repository === demo.repository))
  const detail = only((await api.combinedImageDetail(demoFilter, true, 'repository.asc', 10, 0)).resources)
  assert.equal(detail.digest, image.imageDigest)
  const exported = await api.readCombinedImagesExport(demoFilter, true, false, 100, 0)
  assert.ok(exported.resources.some(({ cveId }) => cveId === 'CVE-2019-10744'))
  assert.equal(new Set(exported.resources.map(({ cveId }) => cveId)).size, image.vulnerabilities)

  const { cid } = credentials
  const issues = only(
    (await api.combinedImageIssuesSummary(cid, image.registry, demo.repository, demo.tag)).resources,
  )
  assert.equal(
    issues.vulnerabilitiesSummary.reduce((sum, { count }) => sum + count, 0),
    image.vulnerabilities,
  )
  const summary = only(
    (await api.combinedImageVulnerabilitySummary(cid, image.registry, demo.repository, demo.tag)).resources,
  )
  assert.equal(summary.totalVulnerabilities, image.vulnerabilities)
  await refused(404, api.combinedImageIssuesSummary(cid, image.registry, demo.repository, 'absent'))
}

export async function baseImages({ falcon }: Ground): Promise<void> {
  const { containerImages: api } = falcon
  const image = only((await api.getCombinedImages(demoFilter)).resources)
  const wanted = { ...demo, registry: '', imageDigest: image.imageDigest, imageId: image.imageId }
  await api.createBaseImagesEntities({ baseImages: [wanted] })
  const listed = (await api.combinedBaseImages()).resources as { id?: string; uuid?: string }[]
  const declared = only(listed)
  const id = declared.id ?? declared.uuid
  assert.ok(id, JSON.stringify(declared))
  await api.deleteBaseImages([id])
  assert.deepEqual((await api.combinedBaseImages()).resources, [])
}
