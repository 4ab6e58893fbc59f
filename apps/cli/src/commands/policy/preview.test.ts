import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { type BuiltImage, image, layer } from '@lanner/testkit'
import { UsageError } from '../../exit.ts'
import { startPlatform, type TestPlatform } from '../../testing/platform.ts'
import { runCommand, type TerminalOptions } from '../../testing/terminal.ts'
import { policyPreview } from './preview.ts'

const built = image({ layers: [layer({ 'srv/readme': 'checkout' }, { compression: 'none' })] })

/** Images wait for their assessment for ever: the server has no workers. */
suite('a preview, with a server whose images are pending', () => {
  let platform: TestPlatform
  let file: string

  const run = (args: readonly string[], more: TerminalOptions = {}) => platform.run(policyPreview, args, more)

  before(async () => {
    platform = await startPlatform()
    file = join(platform.folder, 'policies.yaml')
    const { client_id, client_secret } = JSON.parse(
      await readFile(join(platform.dataFolder, 'bootstrap.json'), 'utf8'),
    )
    const authorization = `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString('base64')}`
    for (const name of ['shop/checkout:1', 'shop/basket:1', 'lab/try:7'])
      await push(platform.url, authorization, name, built)
  })
  after(() => platform?.[Symbol.asyncDispose]())

  test('what would be denied: by policy, image by image, and exit 1', async () => {
    await writeFile(
      file,
      [
        'policies:',
        '  - name: Production',
        '    rules:',
        '      - action: block',
        '        conditions: [{ prop: assessment, value: pending }]',
        '    groups:',
        '      - { name: shop, conditions: [{ prop: repository, value: shop/* }] }',
        'exclusions:',
        '  - { prop: cve, value: CVE-1999-0001, description: long gone }',
      ].join('\n'),
    )
    const { code, output, talk } = await run([file])
    assert.equal(code, 1, talk)
    assert.deepEqual(output.split('\n'), [
      'POLICY      FROM       TO     IMAGES',
      'Production  undecided  block  2',
      '',
      'IMAGE            ARCH  BEFORE     AFTER',
      'shop/basket:1          undecided  block (Production)',
      'shop/checkout:1        undecided  block (Production)',
      '',
      'EXCLUSION THAT COVERS NOTHING  WHY IT IS THERE',
      'cve eq CVE-1999-0001           long gone',
      '',
    ])
    assert.match(
      talk,
      /^lanner: 2 images would turn of 3; 0 are denied now, 2 would be; 1 image is not assessed, and no policy says anything of it \(.+\)\n$/,
    )
    const short = await run([file, '--limit', '1'])
    assert.equal(short.code, 1)
    assert.match(short.output, /^and 1 more image$/m)
  })

  test('the same as JSON', async () => {
    const { code, output, talk } = await run([file, '--json'])
    assert.deepEqual([code, talk], [1, ''])
    const { images, flipped, flips, by_policy } = JSON.parse(output)
    assert.deepEqual([images, flipped, flips.length], [3, 2, 2])
    assert.deepEqual(by_policy, [{ policy: 'Production', from: null, to: 'block', images: 2 }])
  })

  test('where nothing is newly denied it ends with 0; - reads standard input', async () => {
    for (const document of [
      '{}',
      'policies: [{ name: Watch, rules: [{ action: alert, conditions: [{ prop: assessment, value: pending }] }] }]',
    ]) {
      const { code, talk } = await run(['-'], { typed: document })
      assert.equal(code, 0, talk)
    }
  })

  test('what is wrong is told with its place in the file', async () => {
    const bad = join(platform.folder, 'bad.yaml')
    await writeFile(bad, 'policies:\n  - name: a\n    rules:\n      - action: drop\n')
    const { code, output, talk } = await run([bad])
    assert.deepEqual([code, output], [3, ''])
    assert.match(talk, /^lanner: .*bad\.yaml:4:9: policies\[0\]\.rules\[0\].*drop/)
    for (const args of [
      [],
      ['a', 'b'],
      [file, '--limit', '0'],
      [file, '--limit', '1001'],
      [file, '--limit', 'x'],
    ])
      await assert.rejects(run(args), UsageError)
  })

  test('a server that is not there: exit 3', async () => {
    const { code, talk } = await runCommand(
      policyPreview,
      [file, '--url', 'http://127.0.0.1:1'],
      platform.folder,
      {
        environment: { LANNER_CLIENT_ID: '0'.repeat(32), LANNER_CLIENT_SECRET: 'x'.repeat(40) },
      },
    )
    assert.equal(code, 3)
    assert.match(talk, /does the server run\?/)
  })
})

/** Pushes an image the way a client does. */
async function push(url: string, authorization: string, name: string, built: BuiltImage): Promise<void> {
  const [repository, tag] = name.split(':')
  const { mediaType } = built.descriptor
  for (const [digest, bytes] of built.blobs) {
    const manifest = digest === built.digest
    const path = manifest ? `manifests/${tag}` : `blobs/uploads/?digest=${digest}`
    const { status } = await fetch(`${url}/v2/${repository}/${path}`, {
      method: manifest ? 'PUT' : 'POST',
      headers: {
        Authorization: authorization,
        'Content-Type': manifest ? mediaType : 'application/octet-stream',
      },
      body: new Uint8Array(bytes),
    })
    assert.equal(status, 201)
  }
}
