import { createHash } from 'node:crypto'
import type { AssessmentState, Digest, PackageType } from '@lanner/model'
import { sql } from 'kysely'
import { profileId } from '../db/assessment-profile.ts'
import type { Database } from '../db/database.ts'
import { putFindings, putVulnerabilities } from '../db/finding.ts'
import { applyContent, putImage, supersedeImages } from '../db/image.ts'
import { countVulnerableLayers, putImageContent } from '../db/image-content.ts'
import { putImageLayers } from '../db/image-layer.ts'
import { addPackages, contextId, countPackageFindings } from '../db/package.ts'
import { countSetFindings, packageSet } from '../db/package-set.ts'
import { isAiPackage } from '../use-cases/ai-packages.ts'
import { imageLayers } from '../use-cases/assessment/image-layers.ts'

/** A digest that stands for a word. */
export function digestOf(word: string): Digest {
  return `sha256:${createHash('sha256').update(word).digest('hex')}` as Digest
}

interface EstateFinding {
  readonly id: string
  /** 5 critical to 0 unknown. */
  readonly severity: number
  /** 4 critical to 1 low. */
  readonly cps: number
  readonly score: number | null
  readonly exploited?: true
  readonly fixed?: string
}

interface EstatePackage {
  readonly type: PackageType
  readonly name: string
  readonly version: string
  readonly suppressed?: true
  readonly findings: readonly EstateFinding[]
}

const packages = {
  expat: {
    type: 'deb',
    name: 'libexpat1',
    version: '2.5.0-1',
    findings: [
      { id: 'CVE-2024-1', severity: 5, cps: 4, score: 9.8, exploited: true, fixed: '2.5.0-1+deb12u1' },
      { id: 'CVE-2024-2', severity: 3, cps: 1, score: 5.3 },
    ],
  },
  bash: { type: 'deb', name: 'bash', version: '5.2.15', findings: [] },
  lodash: {
    type: 'npm',
    name: 'lodash',
    version: '4.17.4',
    findings: [{ id: 'CVE-2019-9', severity: 4, cps: 2, score: 7.4, fixed: '4.17.12' }],
  },
  torch: {
    type: 'pypi',
    name: 'torch',
    version: '2.0.0',
    findings: [{ id: 'CVE-2023-7', severity: 2, cps: 1, score: 3.1 }],
  },
  odd: {
    type: 'npm',
    name: 'odd',
    version: '1.0.0',
    findings: [
      { id: 'CVE-2020-5', severity: 0, cps: 1, score: null },
      { id: 'CVE-2020-6', severity: 1, cps: 1, score: 0 },
    ],
  },
  /** Part of a package of the distribution, whose advisories decide about it. */
  owned: {
    type: 'pypi',
    name: 'python-apt',
    version: '2.6.0',
    suppressed: true,
    findings: [{ id: 'CVE-2018-1', severity: 5, cps: 3, score: 9.1 }],
  },
} as const satisfies Readonly<Record<string, EstatePackage>>

type PackageName = keyof typeof packages

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

function dayOf(day: number): Date {
  return new Date(Date.UTC(2026, 0, day, 12, 30))
}

/**
 * Six images of one tenant, by hand, made of what the server makes images of: every field has more than one value among
 * them. The other tenant has one of them, too, and containers that run others.
 */
export async function makeImageEstate(database: Database, cid: string, otherCid: string): Promise<void> {
  const ids = await putPackages(database)
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

async function putPackages(database: Database): Promise<ReadonlyMap<string, number>> {
  const context = await contextId(database, Buffer.from('context'), null, [])
  const all = Object.entries<EstatePackage>(packages)
  const added = await addPackages(
    database,
    all.map(([word, { type, name, version }]) => ({
      identity: Buffer.from(word),
      contextId: context,
      type,
      name,
      version,
      purl: `pkg:${type}/${name}@${version}`,
      licenses: [],
      facts: '{}',
      names: [name],
      aiRelated: isAiPackage(type, name),
    })),
    dayOf(1),
  )
  const ids = new Map(all.map(([word]) => [word, added.get(Buffer.from(word).toString('hex')) ?? -1]))
  const found = all.flatMap(([word, { findings }]) => findings.map((finding) => ({ word, finding })))
  await putVulnerabilities(
    database,
    found.map(({ finding: { id, severity, score, cps, exploited } }) => ({
      id,
      severity,
      cvssScore: score,
      cvssVector: null,
      cpsRating: cps,
      epss: null,
      exploited: exploited === true,
      published: '2024-08-30T03:15:00Z',
      title: null,
      description: `About ${id}`,
      malicious: false,
      facts: '{}',
    })),
    dayOf(1),
  )
  await putFindings(
    database,
    found.map(({ word, finding: { id, severity, cps, exploited, fixed } }) => ({
      packageId: ids.get(word) ?? -1,
      vulnerabilityId: id,
      verdict: 'affected',
      severity,
      cpsRating: cps,
      fixState: fixed === undefined ? 'none' : 'fixed',
      fixedVersions: fixed === undefined ? [] : [fixed],
      exploited: exploited === true,
      facts: '{}',
      factsDigest: '',
    })),
    dayOf(1),
  )
  await countPackageFindings(database, [...ids.values()])
  return ids
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

async function putContainers(database: Database, cid: string, otherCid: string): Promise<void> {
  const known = [
    { of: cid, id: 'one', digest: digestOf('b/shop'), running: true },
    { of: cid, id: 'two', digest: digestOf('b/shop'), running: true },
    { of: cid, id: 'three', digest: digestOf('b/shop'), running: false },
    { of: cid, id: 'four', digest: digestOf('index of train'), running: true },
    { of: cid, id: 'five', digest: digestOf('d/odd'), running: false },
    { of: cid, id: 'six', digest: '', running: true },
    { of: otherCid, id: 'one', digest: digestOf('d/odd'), running: true },
    { of: otherCid, id: 'seven', digest: digestOf('a/base'), running: true },
  ]
  for (const { of, id, digest, running } of known) {
    await sql`
      insert into container (cid, cluster, container_id, namespace, pod, pod_uid, container_name, node, image_reference,
        image_digest, running, privileged, first_seen, last_seen)
      values (${of}, 'west', ${id}, '', '', '', '', '', '', ${digest}, ${running}, false, ${dayOf(20)}, ${dayOf(21)})`.execute(
      database,
    )
  }
}

/** Of c/train: two by its container, one by its image id; of the other tenant one by the same. */
async function putRuntimeDetections(database: Database, cid: string, otherCid: string): Promise<void> {
  const imageId = digestOf('config of c/train').slice('sha256:'.length)
  const told = [
    { of: cid, id: '1', container: 'four', image: '', severity: 5 },
    { of: cid, id: '2', container: 'four', image: '', severity: 2 },
    { of: cid, id: '3', container: 'long gone', image: imageId, severity: 2 },
    { of: cid, id: '4', container: 'five', image: '', severity: 4 },
    { of: otherCid, id: '1', container: 'four', image: imageId, severity: 4 },
  ]
  for (const { of, id, container, image, severity } of told) {
    await sql`
      insert into runtime_detection (cid, detection_id, agent_type, aid, cloud, cloud_name, cluster_name, computer_name,
        container_id, detected_at, host_id, host_type, image_id, name, namespace, pod_name, severity, facts)
      values (${of}, ${id}, '', '', '', '', '', '', ${container}, ${dayOf(20)}, '', '', ${image}, '', '', '', ${severity},
        '{}')`.execute(database)
  }
}
