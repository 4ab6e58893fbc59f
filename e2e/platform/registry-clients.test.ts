import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { index } from '../../packages/testkit/src/index.ts'
import { output, run } from '../process.ts'
import { newFolder } from '../suite.ts'
import { type Api, eventually, startSignedIn } from './api.ts'
import { layoutOf, minimistWeakness, smallImage, weaknesses } from './images.ts'
import type { Platform } from './platform.ts'

describe('the registry, driven by the clients that people have', () => {
  let platform: Platform
  let api: Api
  let host: string
  let credentials: string

  before(async () => {
    ;({ platform, api } = await startSignedIn({ args: ['--demo'] }))
    host = platform.host
    credentials = `${platform.credentials.client_id}:${platform.credentials.client_secret}`
  })

  after(async () => {
    await platform?.stop()
  })

  /** The state of a pushed image once its assessment has ended. */
  async function assessed(repository: string, tag: string) {
    return eventually(`the assessment of ${repository}:${tag}`, async () => {
      const { status, body } = await api.call('GET', '/reports', { query: { repository, tag } })
      return status === 200 ? body : undefined
    })
  }

  async function cves(repository: string, tag: string): Promise<readonly string[]> {
    const report = await assessed(repository, tag)
    const found = report.Vulnerabilities as readonly { Vulnerability: { CVEID: string } }[]
    return [...new Set(found.map(({ Vulnerability }) => Vulnerability.CVEID))].sort()
  }

  describe('skopeo', () => {
    test('pushes, lists, inspects, pulls the same bytes and deletes', async () => {
      const built = smallImage('skopeo')
      const layout = await layoutOf(built, 'one')
      await skopeo('copy', `--dest-creds=${credentials}`, `oci:${layout}:one`, docker('team/skopeo:one'))
      await skopeo('copy', `--dest-creds=${credentials}`, `oci:${layout}:one`, docker('team/skopeo:two'))
      assert.deepEqual(await tagsOf('team/skopeo'), ['one', 'two'])
      assert.deepEqual(await cves('team/skopeo', 'one'), weaknesses)

      const raw = await skopeo('inspect', '--raw', `--creds=${credentials}`, docker('team/skopeo:two'))
      assert.equal(raw, built.manifest.toString())

      const back = newFolder('back')
      await skopeo('copy', `--src-creds=${credentials}`, docker('team/skopeo:one'), `oci:${back}:one`)
      for (const [digest, bytes] of built.blobs)
        assert.deepEqual(readFileSync(join(back, 'blobs', digest.replace(':', '/'))), bytes)

      await skopeo('delete', `--creds=${credentials}`, docker('team/skopeo:one'))
      // skopeo deletes the manifest, and every tag of it with that.
      const gone = await run('skopeo', [
        ...quiet,
        'inspect',
        ...plain('inspect'),
        `--creds=${credentials}`,
        docker('team/skopeo:two'),
      ])
      assert.notEqual(gone.code, 0)
      assert.match(gone.stderr, /manifest unknown/)
      const { status } = await api.call('GET', '/reports', {
        query: { repository: 'team/skopeo', tag: 'one' },
      })
      assert.equal(status, 404)
    })

    test('zstd layers are kept as they are, and read', async () => {
      const built = smallImage('zstd', { compression: 'zstd' })
      const layout = await layoutOf(built, 'zstd')
      await skopeo('copy', `--dest-creds=${credentials}`, `oci:${layout}:zstd`, docker('team/zstd:own'))
      const raw = await skopeo('inspect', '--raw', `--creds=${credentials}`, docker('team/zstd:own'))
      assert.equal(raw, built.manifest.toString())
      assert.deepEqual(await cves('team/zstd', 'own'), weaknesses)
    })

    test('a multi-platform index goes there and back whole, and each image of it is assessed', async () => {
      const images = ['linux/amd64', 'linux/arm64'].map((platform) => smallImage(platform, { platform }))
      const all = index(images)
      const layout = await layoutOf(all, 'multi')
      await skopeo(
        'copy',
        '--all',
        `--dest-creds=${credentials}`,
        `oci:${layout}:multi`,
        docker('team/multi:1'),
      )
      const raw = await skopeo('inspect', '--raw', `--creds=${credentials}`, docker('team/multi:1'))
      assert.equal(raw, all.bytes.toString())
      const back = newFolder('back')
      await skopeo('copy', '--all', `--src-creds=${credentials}`, docker('team/multi:1'), `oci:${back}:1`)
      for (const [digest, bytes] of all.blobs)
        assert.deepEqual(readFileSync(join(back, 'blobs', digest.replace(':', '/'))), bytes)
      for (const { digest } of images) {
        const state = await eventually(`the assessment of ${digest}`, async () => {
          const { status, body } = await api.call('GET', `/lanner/v1/images/${digest}`)
          return status === 200 && body.resources[0].state !== 'pending' ? body.resources[0] : undefined
        })
        assert.equal(state.state, 'assessed')
      }
      // The question about a tag of an index is answered for linux/amd64.
      assert.equal((await assessed('team/multi', '1')).ImageInfo.Architecture, 'amd64')
    })

    test('wrong credentials and none are refused', async () => {
      const layout = await layoutOf(smallImage('nobody'), 'x')
      for (const creds of [['--dest-creds=nobody:nothing'], ['--dest-no-creds']]) {
        const ended = await run('skopeo', [
          ...quiet,
          'copy',
          ...plain('copy'),
          ...creds,
          `oci:${layout}:x`,
          docker('team/nobody:x'),
        ])
        assert.notEqual(ended.code, 0)
        assert.match(ended.stderr, /unauthorized|authentication required|invalid username/i)
      }
    })

    test('the pull token of GetCredentials pulls, and pushes nothing', async () => {
      const built = smallImage('pulled')
      const layout = await layoutOf(built, 'x')
      await skopeo('copy', `--dest-creds=${credentials}`, `oci:${layout}:x`, docker('team/pulled:x'))
      const [{ token }] = await api.resources(
        'GET',
        '/container-security/entities/image-registry-credentials/v1',
      )
      const pull = `fc-${platform.credentials.cid}:${token}`
      const back = newFolder('back')
      await skopeo('copy', `--src-creds=${pull}`, docker('team/pulled:x'), `oci:${back}:x`)
      for (const [digest, bytes] of built.blobs)
        assert.deepEqual(readFileSync(join(back, 'blobs', digest.replace(':', '/'))), bytes)
      const pushed = await run('skopeo', [
        ...quiet,
        'copy',
        ...plain('copy'),
        `--dest-creds=${pull}`,
        `oci:${layout}:x`,
        docker('team/pulled:y'),
      ])
      assert.notEqual(pushed.code, 0)
      assert.deepEqual(await tagsOf('team/pulled'), ['x'])
      const removed = await run('skopeo', [
        ...quiet,
        'delete',
        ...plain('delete'),
        `--creds=${pull}`,
        docker('team/pulled:x'),
      ])
      assert.notEqual(removed.code, 0)
      assert.deepEqual(await tagsOf('team/pulled'), ['x'])
    })
  })

  test('podman logs in, pulls, pushes in two compressions, lists tags and logs out', async () => {
    const built = smallImage('podman')
    const layout = await layoutOf(built, 'one')
    await skopeo('copy', `--dest-creds=${credentials}`, `oci:${layout}:one`, docker('team/podman:one'))
    const podman = storageOf('podman')
    const login = join(newFolder('login'), 'auth.json')
    const plainHttp = ['--tls-verify=false', `--authfile=${login}`]
    const { client_id, client_secret } = platform.credentials

    const refused = await run(
      'podman',
      ['login', ...plainHttp, '--username', client_id, '--password-stdin', host],
      { input: 'wrong' },
    )
    assert.notEqual(refused.code, 0)
    await output('podman', ['login', ...plainHttp, '--username', client_id, '--password-stdin', host], {
      input: client_secret,
    })
    const reference = `${host}/team/podman`
    await podman('pull', '--quiet', ...plainHttp, `${reference}:one`)
    const config = await podman('image', 'inspect', '--format={{.Id}}', `${reference}:one`)
    assert.equal(`sha256:${config.trim()}`, built.configDigest)

    await podman('push', '--quiet', ...plainHttp, `${reference}:one`, `${reference}:gzip`)
    await podman(
      'push',
      '--quiet',
      ...plainHttp,
      '--compression-format=zstd',
      `${reference}:one`,
      `${reference}:zstd`,
    )
    assert.deepEqual(await tagsOf('team/podman'), ['gzip', 'one', 'zstd'])
    const listed = await podman('search', '--list-tags', ...plainHttp, reference)
    assert.deepEqual(
      listed
        .trim()
        .split('\n')
        .map((line) => line.split(/\s+/).at(-1))
        .sort(),
      ['TAG', 'gzip', 'one', 'zstd'],
    )
    for (const tag of ['gzip', 'zstd']) assert.deepEqual(await cves('team/podman', tag), weaknesses)
    await podman('rmi', '--all', '--force')
    await podman('pull', '--quiet', ...plainHttp, `${reference}:zstd`)
    await output('podman', ['logout', `--authfile=${login}`, host])
    const loggedOut = await run('podman', ['search', '--list-tags', ...plainHttp, reference])
    assert.notEqual(loggedOut.code, 0)
  })

  test('buildah builds from a pulled image, pushes, and joins platforms into an index', async () => {
    const layout = await layoutOf(smallImage('buildah'), 'base')
    await skopeo('copy', `--dest-creds=${credentials}`, `oci:${layout}:base`, docker('team/buildah:base'))
    const buildah = storageOf('buildah')
    const plainHttp = ['--tls-verify=false', `--creds=${credentials}`]
    const reference = `${host}/team/buildah`
    const container = (await buildah('from', '--quiet', ...plainHttp, `${reference}:base`)).trim()
    const added = newFolder('added')
    mkdirSync(join(added, 'minimist'))
    writeFileSync(join(added, 'minimist', 'package.json'), '{"name":"minimist","version":"0.0.8"}')
    await buildah('add', '--quiet', container, added, '/srv/node_modules')
    await buildah('config', '--cmd', 'node', container)
    await buildah('commit', '--quiet', container, 'built')
    await buildah('push', '--quiet', ...plainHttp, 'built', `docker://${reference}:built`)
    // By hand from demo/advisories: minimist 0.0.8 comes to what the base has.
    assert.deepEqual(await cves('team/buildah', 'built'), [...weaknesses, minimistWeakness].sort())

    await buildah('manifest', 'create', 'joined', 'built')
    await buildah(
      'manifest',
      'push',
      '--quiet',
      '--all',
      ...plainHttp,
      'joined',
      `docker://${reference}:joined`,
    )
    const joined = JSON.parse(
      await skopeo('inspect', '--raw', `--creds=${credentials}`, docker('team/buildah:joined')),
    )
    assert.equal(joined.manifests.length, 1)
    assert.deepEqual(await cves('team/buildah', 'joined'), await cves('team/buildah', 'built'))
    await buildah('pull', '--quiet', ...plainHttp, `${reference}:joined`)
    await skopeo('delete', `--creds=${credentials}`, docker('team/buildah:joined'))
    assert.deepEqual(await tagsOf('team/buildah'), ['base', 'built'])
  })

  test('what umoci makes of a pulled image is pushed, assessed and pulled again', async () => {
    const layout = await layoutOf(smallImage('umoci'), 'one')
    await skopeo('copy', `--dest-creds=${credentials}`, `oci:${layout}:one`, docker('team/umoci:one'))
    const pulled = newFolder('umoci')
    await skopeo('copy', `--src-creds=${credentials}`, docker('team/umoci:one'), `oci:${pulled}:one`)
    const tree = newFolder('tree')
    mkdirSync(join(tree, 'srv/node_modules/minimist'), { recursive: true })
    writeFileSync(
      join(tree, 'srv/node_modules/minimist/package.json'),
      '{"name":"minimist","version":"0.0.8"}',
    )
    const archive = join(newFolder('tree'), 'layer.tar')
    await output('tar', ['--create', `--file=${archive}`, `--directory=${tree}`, 'srv'])
    await output('umoci', ['raw', 'add-layer', '--image', `${pulled}:one`, '--tag', 'two', archive])
    assert.deepEqual((await output('umoci', ['list', '--layout', pulled])).trim().split('\n').sort(), [
      'one',
      'two',
    ])
    await skopeo('copy', `--dest-creds=${credentials}`, `oci:${pulled}:two`, docker('team/umoci:two'))
    assert.deepEqual(await cves('team/umoci', 'two'), [...weaknesses, minimistWeakness].sort())
    const again = newFolder('again')
    await skopeo('copy', `--src-creds=${credentials}`, docker('team/umoci:two'), `oci:${again}:two`)
    const [before, since] = await Promise.all(
      [pulled, again].map((place) => output('umoci', ['stat', '--json', '--image', `${place}:two`])),
    )
    assert.deepEqual(JSON.parse(since as string), JSON.parse(before as string))
  })

  function docker(reference: string): string {
    return `docker://${host}/${reference}`
  }

  async function tagsOf(repository: string): Promise<readonly string[]> {
    const listed = await skopeo('list-tags', `--creds=${credentials}`, docker(repository))
    return (JSON.parse(listed).Tags as string[]).sort()
  }
})

const quiet = ['--insecure-policy']

/** The registry of the tests speaks plain HTTP on the loopback. */
function plain(command: string): readonly string[] {
  return command === 'copy'
    ? ['--src-tls-verify=false', '--dest-tls-verify=false', '--preserve-digests']
    : ['--tls-verify=false']
}

async function skopeo(command: string, ...args: readonly string[]): Promise<string> {
  const memory = newFolder('skopeo')
  // What it remembers of other copies would make it push a blob in the compression that it knows already.
  const env = { ...process.env, TMPDIR: memory, XDG_DATA_HOME: memory, _CONTAINERS_ROOTLESS_UID: '1' }
  return output('skopeo', [...quiet, command, ...plain(command), ...args], { env })
}

/** podman or buildah with a store of images of its own. */
function storageOf(program: 'podman' | 'buildah'): (...args: readonly string[]) => Promise<string> {
  const folder = newFolder(program)
  const [root, runroot] = ['root', 'runroot'].map((name) => join(folder, name))
  const own = [`--root=${root}`, `--runroot=${runroot}`, '--storage-driver=vfs']
  const env = { ...process.env, TMPDIR: newFolder('tmp'), BUILDAH_ISOLATION: 'chroot' }
  return (...args) => output(program, [...own, ...args], { env })
}
