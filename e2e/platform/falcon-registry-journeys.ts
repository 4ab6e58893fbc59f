import assert from 'node:assert/strict'
import { ResponseError } from 'crowdstrike-falcon'
import { eventually } from './api.ts'
import { demo, demoFilter, type Ground, only, refused, single } from './falcon-ground.ts'

export async function registries({ falcon }: Ground): Promise<void> {
  const { falconContainerImage: api } = falcon
  const details = { username: 'reader', password: 'never to be seen again' }
  const payload = { type: 'harbor', url: 'https://harbor.example', credential: { details } }
  const created = await api.createRegistryEntities({ ...payload, userDefinedAlias: 'ours' })
  // One object, not a list of one.
  const entity = single(created.resources)
  assert.match(entity.id, /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  assert.equal(entity.url, payload.url)
  assert.ok(!JSON.stringify(created).includes(details.password))
  await refused(409, api.createRegistryEntities(payload))
  await refused(400, api.createRegistryEntities({ ...payload, credential: { details: {} } }))

  const second = single(
    (await api.createRegistryEntities({ ...payload, url: 'https://harbor.example/second' })).resources,
  )
  const ids = (await api.readRegistryEntities(10, 0)).resources
  assert.deepEqual([...(ids ?? [])].sort(), [entity.id, second.id].sort())
  const read = await api.readRegistryEntitiesByUUID(`${entity.id},${second.id}`)
  assert.equal(read.resources?.length, 2)
  assert.ok(!JSON.stringify(read).includes(details.password))

  const paused = await api.updateRegistryEntities(entity.id, {
    credential: { type: '', details: {} },
    state: 'pause',
    userDefinedAlias: 'theirs',
  })
  assert.equal(single(paused.resources).userDefinedAlias, 'theirs')
  const state = only((await api.readRegistryEntitiesByUUID(entity.id)).resources).state
  assert.notEqual(state, entity.state)
  assert.match(state, /pause/i)
  await api.updateRegistryEntities(entity.id, { credential: { type: '', details: {} }, state: 'resume' })
  const resumed = only((await api.readRegistryEntitiesByUUID(entity.id)).resources)
  assert.doesNotMatch(resumed.state, /pause/i)

  await api.deleteRegistryEntities(`${entity.id},${second.id}`)
  assert.deepEqual((await api.readRegistryEntities()).resources, [])
  const gone = await api.readRegistryEntitiesByUUID(entity.id).catch((error: unknown) => error)
  if (gone instanceof ResponseError) assert.equal(gone.response.status, 404)
  else assert.deepEqual((gone as { resources: unknown[] }).resources, [])
}

export async function reports({ falcon, credentials }: Ground): Promise<void> {
  const { falconContainerImage: api } = falcon
  const report = (format: string) =>
    api.getReportByReference(undefined, demo.repository, demo.tag, undefined, undefined, undefined, format)
  const [own] = (await report('json')).resources as [
    { Vulnerabilities: { Vulnerability: { CVEID: string } }[] },
  ]
  assert.ok(own.Vulnerabilities.some(({ Vulnerability }) => Vulnerability.CVEID === 'CVE-2019-10744'))
  const [bom] = (await report('cyclonedx-json')).resources as [{ bomFormat: string; components: unknown[] }]
  assert.equal(bom.bomFormat, 'CycloneDX')
  assert.ok(bom.components.length > 0)
  const [sarif] = (await report('sarif')).resources as [{ version: string }]
  assert.equal(sarif.version, '2.1.0')
  await refused(404, api.getReportByReference(undefined, demo.repository, 'absent'))

  // The client's model of the answer leaves the token out.
  const { raw } = await falcon.falconContainer.getCredentialsRaw()
  const { token } = only(((await raw.clone().json()) as { resources: { token: string }[] }).resources)
  const basic = Buffer.from(`fc-${credentials.cid}:${token}`).toString('base64')
  const pulled = await fetch(`${credentials.url}/v2/${demo.repository}/manifests/${demo.tag}`, {
    headers: { Authorization: `Basic ${basic}` },
  })
  assert.equal(pulled.status, 200)
}

export async function exportJobs({ falcon }: Ground): Promise<void> {
  const { falconContainerImage: api } = falcon
  const launch = { resource: 'images.images-assessment', format: 'json', sort: '', fql: demoFilter }
  const id = only((await api.launchExportJob(launch)).resources)
  await eventually('the export', async () => {
    const job = only((await api.readExportJobs([id])).resources)
    assert.notEqual(job.status, 'FAILED')
    return job.status === 'DONE' ? true : undefined
  })
  assert.ok((await api.queryExportJobs()).resources.includes(id))
  const file = (await api.downloadExportFile(id)) as unknown
  assert.match(JSON.stringify(file), /demo\/shop/)
}
