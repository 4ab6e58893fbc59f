import type { AssessmentState } from '@lanner/model'
import { sql } from 'kysely'
import { profileId } from '../db/assessment-profile.ts'
import type { Database } from '../db/database.ts'
import { applyContent, putImage, supersedeImages } from '../db/image.ts'
import { countVulnerableLayers, putImageContent } from '../db/image-content.ts'
import { putImageLayers } from '../db/image-layer.ts'
import { contextId } from '../db/package.ts'
import { countSetFindings, packageSet } from '../db/package-set.ts'
import { imageLayers } from '../use-cases/assessment/image-layers.ts'
import { digestOf } from './digest-of-word.ts'
import { putContainers, putRuntimeDetections } from './image-estate-containers.ts'
import { type PackageName, putPackages } from './image-estate-packages.ts'

interface EstateImage {
  readonly registry: string
  readonly tag: string
  readonly source: 'push' | 'registry' | 'cli'
  readonly architecture: string
  readonly index?: string
  readonly os: string
  readonly osVersion: string
  /** Absent: not read yet. */
  readonly state?: AssessmentState
  /** Blobs by a word each, base first, with the packages in each. */
  readonly layers: readonly (readonly [layer: string, ...packages: PackageName[]])[]
  readonly day: number
}

/** By repository, which is what cases call them. `a` to `f` in the order in which they were first seen. */
const estate: Readonly<Record<string, EstateImage>> = {
  'a/base': {
    registry: '',
    tag: '12',
    source: 'push',
    architecture: 'amd64',
    os: 'Debian GNU/Linux 12 (bookworm)',
    osVersion: '12',
    state: 'assessed',
    layers: [['debian', 'expat', 'bash', 'owned']],
    day: 1,
  },
  'b/shop': {
    registry: '',
    tag: '1.8.2',
    source: 'push',
    architecture: 'amd64',
    os: 'Debian GNU/Linux 12 (bookworm)',
    osVersion: '12',
    state: 'assessed',
    layers: [['debian', 'expat', 'bash', 'owned'], ['files'], ['modules', 'lodash']],
    day: 2,
  },
  'c/train': {
    registry: 'docker.io',
    tag: 'latest',
    source: 'registry',
    architecture: 'arm64',
    index: 'index of train',
    os: 'Ubuntu 22.04.4 LTS',
    osVersion: '22.04',
    state: 'assessed',
    layers: [
      ['ubuntu', 'bash'],
      ['weights', 'torch'],
    ],
    day: 3,
  },
  'd/odd': {
    registry: 'ghcr.io',
    tag: 'latest',
    source: 'cli',
    architecture: 'amd64',
    os: '',
    osVersion: '',
    state: 'partially',
    layers: [['scratch', 'odd']],
    day: 4,
  },
  'e/wait': {
    registry: 'docker.io',
    tag: 'v1',
    source: 'registry',
    architecture: 's390x',
    os: '',
    osVersion: '',
    layers: [],
    day: 5,
  },
  'f/foreign': {
    registry: '',
    tag: '',
    source: 'push',
    architecture: 'amd64',
    os: '',
    osVersion: '',
    state: 'not_assessable',
    layers: [],
    day: 6,
  },
}

/**
 * Six images of one tenant, by hand, made of what the server makes images of: every field has more than one value among
 * them. The other tenant has one of them, too, and containers that run others.
 */
export async function makeImageEstate(database: Database, cid: string, otherCid: string): Promise<void> {
  const ids = await putPackages(database, dayOf(1))
  for (const [repository, image] of Object.entries(estate))
    await putOne(database, cid, repository, image, ids)
  const shop = estate['b/shop']
  if (shop) await putName(database, otherCid, 'b/shop', shop, digestOf('b/shop'), 9)
  if (shop) await putName(database, cid, 'b/shop', shop, digestOf('before'), 0)
  await supersedeImages(
    database,
    cid,
    { registry: '', repository: 'b/shop', tag: '1.8.2' },
    [digestOf('b/shop')],
    dayOf(2),
  )
  await putDetections(database)
  await putContainers(database, cid, otherCid)
  await putRuntimeDetections(database, cid, otherCid)
}

async function putOne(
  database: Database,
  cid: string,
  repository: string,
  image: EstateImage,
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  const digest = digestOf(repository)
  await putName(database, cid, repository, image, digest, image.day)
  if (image.state === undefined) return
  const members = image.layers
    .flatMap(([, ...words], layer) => words.map((word) => ({ word, layer })))
    .map(({ word, layer }) => ({ packageId: ids.get(word) ?? -1, suppressed: word === 'owned', layer }))
    .sort((a, b) => a.packageId - b.packageId)
  const layers = image.layers.map(([word]) => ({
    digest: digestOf(word),
    diffId: digestOf(`${word} inflated`),
  }))
  const read = image.state !== 'not_assessable'
  const setId = read ? (await packageSet(database, Buffer.from(repository), members)).setId : null
  if (setId !== null) await countSetFindings(database, [setId])
  await putImageContent(
    database,
    {
      digest,
      configDigest: digestOf(`config of ${repository}`),
      architecture: image.architecture,
      os: 'linux',
      variant: null,
      size: 1000 * image.day,
      created: dayOf(image.day).toISOString(),
      baseOs: image.os,
      baseOsVersion: image.osVersion,
      profileId: read
        ? await profileId(database, {
            identity: Buffer.from(repository),
            contextId: await contextId(database, Buffer.from('context'), null, []),
            packageTypes: [],
            ownState: image.state,
            empty: false,
            state: image.state,
            codes: [],
            reason: '',
          })
        : null,
      setId,
      unreadReasons: read
        ? '[]'
        : '[{"code":"unsupported-media-type","message":"a layer of an unknown kind"}]',
      facts: JSON.stringify({
        reference: repository,
        manifestDigest: digest,
        configDigest: digestOf(`config of ${repository}`),
        platform: { os: 'linux', architecture: image.architecture },
        labels: {},
        layers,
        ...(image.osVersion === '22.04'
          ? {}
          : { distribution: { id: 'debian', version: '10', like: [], path: '' } }),
      }),
      manifest: '{}',
      config: JSON.stringify({
        architecture: image.architecture,
        config: {
          Cmd: ['serve'],
          Env: ['A=b'],
          Labels: { team: 'shop' },
          ExposedPorts: { '80/tcp': {} },
          User: '7',
        },
      }),
      inventory: null,
      packageLayers: members.map(({ layer }) => layer),
      extractorRevision: 'test',
    },
    dayOf(image.day),
  )
  await putImageLayers(database, digest, imageLayers(layers))
  if (setId !== null) await countVulnerableLayers(database, [setId])
  await applyContent(database, digest, dayOf(image.day))
}

async function putName(
  database: Database,
  cid: string,
  repository: string,
  { registry, tag, source, architecture, index }: EstateImage,
  digest: string,
  day: number,
): Promise<void> {
  const imageUuid = crypto.randomUUID()
  await putImage(
    database,
    cid,
    {
      registry,
      repository,
      tag,
      imageUuid,
      digest,
      indexDigest: index === undefined ? '' : digestOf(index),
      imageId: '',
      os: 'linux',
      architecture,
      variant: '',
      source,
      ...(source === 'push' ? { actor: 'ci-bot' } : {}),
    },
    dayOf(day),
  )
  // Seen again ten days later, the more recently the earlier it came.
  await sql`update image set last_seen = ${dayOf(30 - day)}
    where cid = ${cid} and image_uuid = ${imageUuid}`.execute(database)
}

async function putDetections(database: Database): Promise<void> {
  const found = [
    { of: 'c/train', id: '1', type: 'secret', name: 'PrivateKey', severity: 4 },
    { of: 'c/train', id: '2', type: 'misconfiguration', name: 'RootUser', severity: 2 },
    { of: 'd/odd', id: '1', type: 'malware', name: 'Eicar', severity: 5 },
  ]
  for (const { of, id, type, name, severity } of found) {
    await sql`
      insert into detection (digest, detection_id, type, name, title, description, remediation, severity, details, first_seen,
        last_seen)
      values (${digestOf(of)}, ${id}, ${type}, ${name}, '', '', '', ${severity}, '{}', ${dayOf(1)}, ${dayOf(1)})`.execute(
      database,
    )
    await applyContent(database, digestOf(of), dayOf(1))
  }
}

function dayOf(day: number): Date {
  return new Date(Date.UTC(2026, 0, day, 12, 30))
}
