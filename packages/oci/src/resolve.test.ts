import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '@lanner/model'
import { type BuiltImage, digestOf, image, index } from '@lanner/testkit'
import { type DocumentReference, type RootDocument, resolveImages } from './resolve.ts'
import { SourceFault } from './source-fault.ts'

const os = { 'etc/os-release': 'ID=test\n' }
const amd64 = image({
  layers: [os],
  config: { config: { User: 'app', Labels: { a: 'b' }, Entrypoint: ['/app'], Cmd: null } },
})
const arm64 = image({ layers: [os, { b: 'x' }], platform: 'linux/arm64/v8' })

type Blobs = ReadonlyMap<string, Buffer>

async function resolve(blobs: Blobs, root: RootDocument, asked: string[] = []) {
  async function readDocument({ digest }: DocumentReference): Promise<Buffer> {
    asked.push(digest)
    const bytes = blobs.get(digest)
    if (bytes) return bytes
    throw new SourceFault('not-found', `there is no ${digest}`)
  }
  return resolveImages(readDocument, root, 'test:image')
}

function refused(code: SourceFault['code'], message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof SourceFault, String(error))
    assert.deepEqual([error.code, message.test(error.message)], [code, true], error.message)
    return true
  }
}

/** A document as the root, with what else it needs. */
function rootOf(document: unknown, mediaType?: string, blobs: Blobs = new Map()) {
  const bytes = Buffer.from(typeof document === 'string' ? document : JSON.stringify(document))
  return resolve(blobs, { digest: digestOf(bytes), bytes, ...(mediaType ? { mediaType } : {}) })
}

const manifestOf = (built: BuiltImage) => JSON.parse(built.manifest.toString())

test('a manifest is one image, with what its config says', async () => {
  const asked: string[] = []
  const { images, others } = await resolve(amd64.blobs, amd64.descriptor, asked)
  assert.deepEqual(others, [])
  assert.equal(images.length, 1)
  const [{ reference, manifestDigest, indexDigest, manifest, config }] = images
  assert.deepEqual([reference, manifestDigest, indexDigest], ['test:image', amd64.digest, undefined])
  assert.deepEqual(manifest.layers, [amd64.layers[0].descriptor])
  assert.deepEqual(config.rootfs.diffIds, [amd64.layers[0].diffId])
  assert.deepEqual(
    [config.os, config.architecture, config.created],
    ['linux', 'amd64', '2024-01-01T00:00:00Z'],
  )
  assert.deepEqual(
    { ...config.config, labels: { ...config.config.labels } },
    { user: 'app', entrypoint: ['/app'], labels: { a: 'b' } },
  )
  assert.deepEqual(config.history, [{ createdBy: 'layer 0' }])
  assert.deepEqual(asked, [amd64.digest, amd64.configDigest])
})

test('an index is its images in order, nested ones too, without attestations and repetitions', async () => {
  const inner = index([arm64, amd64])
  const outer = index([amd64, inner], { attestation: true })
  const { images, others } = await resolve(outer.blobs, outer.descriptor)
  assert.deepEqual(others, [])
  assert.deepEqual(
    images.map((each) => [
      each.manifestDigest,
      each.indexDigest,
      each.config.architecture,
      each.config.variant,
    ]),
    [
      [amd64.digest, outer.digest, 'amd64', undefined],
      [arm64.digest, outer.digest, 'arm64', 'v8'],
    ],
  )
})

test('an entry that claims a platform is read although it is annotated as an attestation', async () => {
  const annotations = { 'vnd.docker.reference.type': 'attestation-manifest' }
  const { images } = await rootOf(
    { schemaVersion: 2, manifests: [{ ...amd64.descriptor, annotations }] },
    undefined,
    amd64.blobs,
  )
  assert.deepEqual(
    images.map((each) => each.manifestDigest),
    [amd64.digest],
  )
})

test('media types may be missing or of Docker', async () => {
  const { mediaType: _, ...untyped } = manifestOf(amd64)
  const docker = {
    ...untyped,
    mediaType: 'application/vnd.docker.distribution.manifest.v2+json',
    config: { ...untyped.config, mediaType: 'application/vnd.docker.container.image.v1+json' },
  }
  for (const [document, mediaType] of [
    [untyped, undefined],
    [untyped, 'application/vnd.oci.image.manifest.v1+json; charset=utf-8'],
    [docker, 'application/vnd.docker.distribution.manifest.v2+json'],
    [
      { ...untyped, config: { ...untyped.config, mediaType: 'application/octet-stream' } },
      'application/json',
    ],
  ] as const) {
    const { images } = await rootOf(document, mediaType, amd64.blobs)
    assert.deepEqual(
      images.map((each) => each.manifest.config.digest),
      [amd64.configDigest],
    )
  }
})

test('one bad entry of an index does not hide its siblings', async () => {
  const chart = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      config: { mediaType: 'application/vnd.cncf.helm.config.v1+json', digest: amd64.configDigest, size: 2 },
      layers: [],
    }),
  )
  const platform = { os: 'windows', architecture: 'amd64' }
  const missing = { ...amd64.descriptor, digest: digestOf(Buffer.from('gone')), platform }
  const blobs = new Map([...arm64.blobs, [digestOf(chart), chart]])
  const { images, others } = await rootOf(
    {
      schemaVersion: 2,
      manifests: [
        missing,
        {
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          digest: digestOf(chart),
          size: chart.length,
        },
        { mediaType: 'application/vnd.example', digest: amd64.digest, size: 1 },
        arm64.descriptor,
      ],
    },
    undefined,
    blobs,
  )
  assert.deepEqual(
    images.map((each) => each.manifestDigest),
    [arm64.digest],
  )
  assert.deepEqual(
    others.map(({ digest, platform, code }) => [digest, platform, code]),
    [
      [missing.digest, 'windows/amd64', 'unreadable'],
      [digestOf(chart), undefined, 'not-an-image'],
      [amd64.digest, undefined, 'unsupported-media-type'],
    ],
  )
  assert.match(others[0].message, /there is no/)
})

test('a failure that may pass is thrown even below an index, after all reading has ended', async () => {
  const built = index([amd64, arm64])
  let running = 0
  const failing = async ({ digest }: DocumentReference): Promise<Buffer> => {
    running++
    await new Promise((done) => setImmediate(done))
    running--
    if (digest === arm64.digest) throw new Fault('unreachable', 'try again', { retryable: true })
    return built.blobs.get(digest) as Buffer
  }
  await assert.rejects(resolveImages(failing, built.descriptor, 'test:image'), /try again/)
  assert.equal(running, 0)
})

test('bytes that do not have the digest they were asked for by are refused', async () => {
  const other = new Map([...amd64.blobs, [amd64.configDigest, arm64.config]])
  await assert.rejects(
    resolve(other, { digest: amd64.digest }),
    refused('malformed', /bytes where its descriptor says/),
  )
  const flipped = Buffer.from(amd64.config)
  flipped[flipped.length - 2] ^= 1
  const same = new Map([...amd64.blobs, [amd64.configDigest, flipped]])
  await assert.rejects(
    resolve(same, { digest: amd64.digest }),
    refused('digest-mismatch', /its bytes have digest/),
  )
  await assert.rejects(
    resolve(new Map([[amd64.digest, arm64.manifest]]), { digest: amd64.digest }),
    refused('digest-mismatch', /asked for/),
  )
})

test('indexes nested deeper than four are refused', async () => {
  let nested = index([amd64])
  for (let depth = 1; depth < 4; depth++) nested = index([nested])
  assert.equal((await resolve(nested.blobs, nested.descriptor)).images.length, 1)
  const deeper = index([nested])
  const { images, others } = await resolve(deeper.blobs, deeper.descriptor)
  assert.deepEqual([images.length, others.map((each) => each.code)], [0, ['unreadable']])
})

const manifest = manifestOf(amd64)
const refusals: readonly (readonly [
  name: string,
  document: unknown,
  mediaType: string | undefined,
  code: SourceFault['code'],
  message: RegExp,
])[] = [
  ['no JSON', '<html>', undefined, 'malformed', /not JSON/],
  ['a list', [], undefined, 'malformed', /not a JSON object/],
  ['an empty object', {}, undefined, 'malformed', /neither a manifest nor an index/],
  [
    'both at once',
    { ...manifest, manifests: [] },
    undefined,
    'malformed',
    /both as an index and as a manifest/,
  ],
  [
    'an index called manifest',
    { schemaVersion: 2, manifests: [] },
    manifest.mediaType,
    'malformed',
    /shape of an index/,
  ],
  [
    'a manifest called index',
    manifest,
    'application/vnd.oci.image.index.v1+json',
    'malformed',
    /shape of a manifest/,
  ],
  [
    'an index without manifests',
    { schemaVersion: 2, manifests: [] },
    undefined,
    'not-an-image',
    /lists no manifest/,
  ],
  ['schema 1', { schemaVersion: 1, fsLayers: [] }, undefined, 'unsupported', /schema 1/],
  [
    'schema 1 by type',
    manifest,
    'application/vnd.docker.distribution.manifest.v1+prettyjws',
    'unsupported',
    /schema 1/,
  ],
  ['an unknown type', manifest, 'application/vnd.example', 'unsupported', /neither a manifest nor an index/],
  ['an artifact manifest', { artifactType: 'x/y', blobs: [] }, undefined, 'not-an-image', /artifact/],
  [
    'an artifact with a config of its own',
    {
      ...manifest,
      config: { ...manifest.config, mediaType: 'application/vnd.oci.empty.v1+json' },
      artifactType: 'text/spdx',
    },
    undefined,
    'not-an-image',
    /artifact of type text\/spdx/,
  ],
  [
    'a signature',
    {
      ...manifest,
      layers: [{ ...manifest.layers[0], mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json' }],
    },
    undefined,
    'not-an-image',
    /cosign.* no file system/,
  ],
  [
    'a layer without digest',
    { ...manifest, layers: [{ size: 1 }] },
    undefined,
    'malformed',
    /layers\[0\]: digest/,
  ],
  [
    'a digest that is a path',
    { ...manifest, config: { ...manifest.config, digest: 'sha256:../../etc' } },
    undefined,
    'malformed',
    /config: digest/,
  ],
  [
    'a negative size',
    { ...manifest, config: { ...manifest.config, size: -1 } },
    undefined,
    'malformed',
    /size/,
  ],
  [
    'a config of terabytes',
    { ...manifest, config: { ...manifest.config, size: 2 ** 40 } },
    undefined,
    'malformed',
    /at most/,
  ],
  [
    'another number of layers',
    { ...manifest, layers: [...manifest.layers, ...manifest.layers] },
    undefined,
    'malformed',
    /2 layers but its config 1 diff ids/,
  ],
  [
    'too many layers',
    { ...manifest, layers: Array(2001).fill(manifest.layers[0]) },
    undefined,
    'malformed',
    /2001 items/,
  ],
]

for (const [name, document, mediaType, code, message] of refusals) {
  test(`${name} is refused as ${code}`, async () => {
    await assert.rejects(rootOf(document, mediaType, amd64.blobs), refused(code, message))
  })
}

test('keys of a document are only keys', async () => {
  const labels = JSON.parse('{"__proto__": "x", "constructor": "y"}')
  const built = image({ layers: [os], config: { config: { Labels: labels } } })
  const { images } = await resolve(built.blobs, built.descriptor)
  const found = images[0].config.config.labels
  assert.deepEqual(Object.entries(found), [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ])
  assert.equal('toString' in found, false)
})
