import assert from 'node:assert/strict'
import { test } from 'node:test'
import { containerImages, falconContainer } from '@lanner/contract'
import { image, layer } from '@lanner/testkit'
import { sql } from 'kysely'
import { digestOf } from '../../testing/digest-of-word.ts'
import { type EstateTenant, startEstate } from '../../testing/estate.ts'
import { pushBuilt } from '../../testing/estate-pushes.ts'

const { ReadImageVulnerabilities, PostImageScanInventory, HeadImageScanInventory } =
  falconContainer.operations
const lookups = ReadImageVulnerabilities.url
const inventories = PostImageScanInventory.url

const expat = {
  Vendor: 'debian',
  Product: 'libexpat1',
  MajorVersion: '2.5.0-1',
  SoftwareArchitecture: 'amd64',
  PackageProvider: 'DPKG',
  PackageSource: 'expat 2.5.0-1',
  Status: 'installed',
  LayerIndex: 0,
}
const debian = 'Debian GNU/Linux 12'
const libraries = (type: string | number, Name: string, Version: string, Path = '') => ({
  type,
  libraries: [{ Name, Version, Path, LayerIndex: 1 }],
})

interface Found {
  readonly Vulnerability: {
    readonly CVEID: string
    readonly Product: { readonly Product: string; readonly PackageType: string; readonly Vendor: string }
    readonly FixedVersions: readonly string[]
    readonly Details: { readonly severity: string; readonly exploited: { readonly status: number } }
  }
}

// By the demo's advisories: DSA-5770-1, GHSA-jf85-cpcp-j695, GHSA-jfh8-c2jp-5v3q.
const ofExpat = ['CVE-2024-45490', 'CVE-2024-45491', 'CVE-2024-45492']

test('packages that clients send are looked up', async (t) => {
  const { tenants, database } = await startEstate(t)
  const [{ call }] = tenants
  const ask = async (body: object) => {
    const { status, body: answer } = await call('POST', lookups, { body })
    const found = (answer.resources as readonly Found[]).map(({ Vulnerability }) => Vulnerability)
    return { status, answer, found, errors: answer.errors as readonly { code: number; message: string }[] }
  }

  await t.test('of the system and of applications, each with its fix', async () => {
    const { status, found, errors } = await ask({
      osversion: debian,
      packages: [
        expat,
        { ...expat, Product: 'bash', MajorVersion: '5.2.15-2+b2', PackageSource: 'bash 5.2.15-2' },
      ],
      applicationPackages: [
        libraries('NODE', 'lodash', '4.17.4'),
        libraries('JAVA', 'org.apache.logging.log4j:log4j-core', '2.14.1'),
      ],
    })
    assert.equal(status, 200)
    assert.deepEqual(errors, [])
    assert.deepEqual(
      found.map((one) => [one.CVEID, one.Product.Product, one.Product.PackageType, one.FixedVersions]).sort(),
      [
        ['CVE-2019-10744', 'lodash', 'Application', ['4.17.12']],
        ['CVE-2021-44228', 'org.apache.logging.log4j:log4j-core', 'Application', ['2.15.0']],
        ...ofExpat.map((id) => [id, 'libexpat1', 'OS', ['2.5.0-1+deb12u1']]),
      ],
    )
    const log4j = found.find(({ CVEID }) => CVEID === 'CVE-2021-44228')
    assert.equal(log4j?.Details.exploited.status, 90)
    assert.equal(found.find(({ CVEID }) => CVEID === ofExpat[0])?.Product.Vendor, 'debian')
  })

  await t.test('a fixed version has nothing', async () => {
    const { status, found, errors } = await ask({
      osversion: debian,
      packages: [{ ...expat, MajorVersion: '2.5.0-1+deb12u1', PackageSource: 'expat 2.5.0-1+deb12u1' }],
    })
    assert.deepEqual([status, found, errors], [200, [], []])
  })

  await t.test('a type that is a number is read by the file; one that is neither is said', async () => {
    const { status, found, errors } = await ask({
      osversion: debian,
      packages: [],
      applicationPackages: [
        libraries(2, 'lodash', '4.17.4', 'srv/node_modules/lodash/package.json'),
        libraries(7, 'mystery', '1.0'),
      ],
    })
    assert.equal(status, 200)
    assert.deepEqual(
      found.map(({ CVEID }) => CVEID),
      ['CVE-2019-10744'],
    )
    assert.equal(errors.length, 1)
    assert.equal(errors[0]?.code, 422)
    assert.match(errors[0]?.message ?? '', /the type 7 .* not known: mystery/)
  })

  await t.test('a language that no advisories are there for is said beside what was found', async () => {
    const { status, found, errors } = await ask({
      osversion: debian,
      packages: [expat],
      applicationPackages: [libraries('RUST', 'time', '0.1.0')],
    })
    assert.deepEqual([status, found.length, errors.length], [200, 3, 1])
    assert.match(errors[0]?.message ?? '', /crates\.io/)
  })

  const refused: readonly (readonly [why: string, body: unknown, message: RegExp])[] = [
    ['nothing to look up', { osversion: debian, packages: [] }, /no package/],
    ['a system that is not told', { osversion: '', packages: [expat] }, /names no distribution/],
    [
      'a system that nobody knows',
      { osversion: 'Foo Linux 3', packages: [expat] },
      /foo-linux 3 is not known/,
    ],
    [
      'a system without advisories',
      { osversion: 'Fedora Linux 39', packages: [{ ...expat, PackageProvider: 'RPM' }] },
      /fedora 39/,
    ],
    ['only what cannot be read', { osversion: debian, packages: [{ ...expat, Product: '' }] }, /no name/],
    ['no packages member', { osversion: debian }, /packages/],
    [
      'packages of another shape',
      { osversion: debian, packages: [{ Product: 5 }] },
      /packages\[0\]\.Product/,
    ],
    ['an osversion that is none', { osversion: 5, packages: [] }, /osversion/],
  ]
  for (const [why, body, message] of refused)
    await t.test(`refused: ${why}`, async () => {
      const { status, answer } = await ask(body as object)
      assert.equal(status, 400)
      assert.match(answer.errors[0].message, message)
      assert.deepEqual(answer.resources, [])
    })

  await t.test('more than the bound is refused', async () => {
    const packages = Array.from({ length: 20_001 }, () => ({ Product: 'a' }))
    assert.equal((await ask({ osversion: debian, packages })).status, 413)
  })

  await t.test('nothing of it is kept', async () => {
    const { rows } = await sql`select from package`.execute(database)
    assert.equal(rows.length, 0)
  })

  await t.test('a client with either of the two scopes may ask', async () => {
    const [tenant] = tenants
    for (const [scope, expected] of [
      ['falcon-container-cli:write', 200],
      ['falcon-container-image:read', 200],
      ['falcon-container-cli:read', 403],
    ] as const) {
      const made = await tenant.call('POST', '/lanner/v1/clients', { body: { name: scope, scopes: [scope] } })
      const { client_id, client_secret } = made.body.resources[0] ?? made.body.resources
      const form = new URLSearchParams({ client_id, client_secret })
      const signed = await call('POST', '/oauth2/token', {
        token: '',
        body: form.toString(),
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      })
      const body = { osversion: debian, packages: [expat] }
      const { status } = await call('POST', lookups, { body, token: signed.body.access_token })
      assert.equal(status, expected, scope)
    }
  })
})

const digest = digestOf('an image of somewhere else')
const imageId = digestOf('its config').slice(7)

function inventory(info: object, more: object = {}) {
  return {
    inventory: {
      ImageInfo: {
        Registry: 'ghcr.io',
        Repository: 'shop/checkout',
        Tag: '1.8.2',
        ID: imageId,
        Digest: digest,
        Architecture: 'amd64',
        Size: 48_211_034,
        CreatedAt: '2026-03-01T22:40:10Z',
        ...info,
      },
      OSInfo: { Name: 'Debian GNU/Linux', Version: '12' },
      Packages: [expat],
      ApplicationPackages: null,
      Layers: [{ Digest: digestOf('a layer'), Size: 29_124_000, CreatedBy: 'ADD file in /' }],
      InventoryEngineInfo: { EngineVersion: '7.1' },
      ...more,
    },
  }
}

async function post(tenant: EstateTenant, body: object) {
  const { status, body: answer } = await tenant.call('POST', inventories, { body })
  assert.equal(status, 200, JSON.stringify(answer))
  assert.equal(answer.resources.length, 1)
  return answer.resources[0] as { scan_uuid: string; image_id: string; image_digest: string }
}

async function cves(
  tenant: EstateTenant,
  query: Readonly<Record<string, string>>,
): Promise<string[] | number> {
  const { status, body } = await tenant.call('GET', '/reports', { query })
  if (status !== 200) return status
  return body.Vulnerabilities.map((one: Found) => one.Vulnerability.CVEID).sort()
}

test('an inventory that a client sends in is an image like any other', async (t) => {
  const { tenants, settled } = await startEstate(t)
  const [amber, birch] = tenants
  const accepted = await post(amber, inventory({}))
  assert.deepEqual(accepted, { ...accepted, image_id: imageId, image_digest: digest })
  const name = { repository: 'shop/checkout', tag: '1.8.2' }

  await t.test('with a report by scan, by digest and by name', async () => {
    const url = `/image-assessment/entities/reports/v2/${accepted.scan_uuid}`
    const { body } = await amber.call('GET', url)
    const [report] = body.resources
    assert.deepEqual(report.ImageInfo, {
      Registry: 'ghcr.io',
      Repository: 'shop/checkout',
      Tag: '1.8.2',
      ID: imageId,
      Digest: digest,
      IndexDigest: '',
      Size: 48_211_034,
      CreatedAt: '2026-03-01T22:40:10Z',
      Architecture: 'amd64',
      source: 'cli',
    })
    assert.equal(report.OSInfo.Name, 'Debian GNU/Linux 12')
    assert.equal(report.InventoryEngineInfo.EngineVersion, '7.1')
    assert.equal(report.Packages[0].LayerHash, digestOf('a layer'))
    assert.deepEqual(await cves(amber, name), ofExpat)
    assert.deepEqual(await cves(amber, { digest, image_id: imageId }), ofExpat)
  })

  await t.test('in lists, by filters of what it holds', async () => {
    for (const filter of [
      "cve_id:'CVE-2024-45490'",
      `image_digest:'${digest}'`,
      `layer_digest:'${digestOf('a layer')}'`,
    ]) {
      const { body } = await amber.call('GET', containerImages.operations.ReadCombinedImagesExport.url, {
        query: { filter },
      })
      assert.deepEqual(
        body.resources?.map((row: { image_digest: string }) => row.image_digest),
        [digest],
        filter,
      )
    }
  })

  await t.test('in policy checks', async () => {
    const { status, body } = await amber.call('GET', '/policy-checks', { query: name })
    assert.equal(status, 200)
    assert.equal(body.resources[0].image.image_digest, digest)
    assert.equal(body.resources[0].deny, false)
  })

  await t.test('and of that tenant alone', async () => {
    assert.equal(await cves(birch, { digest, image_id: imageId }), 404)
    assert.equal(
      (await birch.call('GET', `/image-assessment/entities/reports/v2/${accepted.scan_uuid}`)).status,
      404,
    )
    const clean = await post(
      birch,
      inventory({}, { Packages: [{ ...expat, MajorVersion: '2.5.0-1+deb12u1', PackageSource: '' }] }),
    )
    assert.equal(clean.image_digest, digest)
    assert.deepEqual(await cves(birch, name), [])
    assert.deepEqual(await cves(amber, name), ofExpat)
  })

  await t.test('sent again it is the same record, with what it says now', async () => {
    const again = await post(
      amber,
      inventory({}, { Packages: [], ApplicationPackages: [libraries('NODE', 'lodash', '4.17.4')] }),
    )
    assert.equal(again.scan_uuid, accepted.scan_uuid)
    assert.deepEqual(await cves(amber, name), ['CVE-2019-10744'])
  })

  await t.test('another digest under its tag takes its place', async () => {
    const other = digestOf('the next build')
    await post(amber, inventory({ Digest: other }))
    const { body } = await amber.call('GET', '/reports', { query: name })
    assert.equal(body.ImageInfo.Digest, other)
  })

  await t.test('platforms of one index stand beside each other', async () => {
    const IndexDigest = digestOf('an index')
    const platform = { Repository: 'shop/many', IndexDigest }
    await post(amber, inventory({ ...platform, Digest: digestOf('arm'), Architecture: 'arm64' }))
    await post(amber, inventory({ ...platform, Digest: digestOf('amd'), Architecture: 'amd64' }))
    for (const [architecture, word] of [
      ['arm64', 'arm'],
      ['amd64', 'amd'],
    ] as const) {
      const { body } = await amber.call('GET', '/image-assessment/entities/reports/v2', {
        query: { repository: 'shop/many', tag: '1.8.2', architecture },
      })
      assert.equal(body.resources[0].ImageInfo.Digest, digestOf(word))
    }
  })

  await t.test('without digest and id it is known by what is in it', async () => {
    const nameless = { Digest: '', ID: '', Repository: 'shop/nameless' }
    const first = await post(amber, inventory(nameless))
    assert.match(first.image_digest, /^sha256:[0-9a-f]{64}$/)
    assert.match(first.image_id, /^[0-9a-f]{64}$/)
    assert.deepEqual(await post(amber, inventory(nameless)), first)
    const other = await post(amber, inventory(nameless, { Packages: [] }))
    assert.notEqual(other.image_digest, first.image_digest)
    const byId = await post(amber, inventory({ ...nameless, ID: `sha256:${imageId}` }))
    assert.equal(byId.image_id, imageId)
    assert.equal((await post(amber, inventory({ ...nameless, ID: imageId }))).image_digest, byId.image_digest)
  })

  await t.test(
    'what could not be understood makes it a partial one, and nothing at all no clean one',
    async () => {
      const odd = { Repository: 'shop/odd', Digest: digestOf('odd'), ID: digestOf('id of odd') }
      await post(amber, inventory(odd, { ApplicationPackages: [libraries(9, 'mystery', '1')] }))
      const { body } = await amber.call('GET', '/reports', {
        query: { repository: 'shop/odd', tag: '1.8.2' },
      })
      assert.equal(body.DetectionEngineInfo.State, 'partially')
      assert.match(body.DetectionEngineInfo.Warnings.join(), /mystery/)
      const empty = { Repository: 'shop/empty', Digest: digestOf('empty') }
      await post(amber, inventory(empty, { Packages: null, Layers: null, OSInfo: {} }))
      assert.equal(await cves(amber, { repository: 'shop/empty', tag: '1.8.2' }), 404)
    },
  )

  const built = image({
    layers: [layer({ 'app/node_modules/minimist/package.json': '{"name":"minimist","version":"0.2.0"}' })],
  })
  await t.test('it does not stand in for what is pushed under the same digest, by anybody', async () => {
    await post(amber, inventory({ Repository: 'own/app', Tag: 'v1', Digest: built.digest, Registry: '' }))
    assert.deepEqual(await cves(amber, { repository: 'own/app', tag: 'v1' }), ofExpat)
    await pushBuilt(birch, 'own/app', 'v1', built)
    await settled()
    // By GHSA-vh95-rmgr-6w4m.
    assert.deepEqual(await cves(birch, { repository: 'own/app', tag: 'v1' }), ['CVE-2020-7598'])
    assert.deepEqual(await cves(amber, { repository: 'own/app', tag: 'v1' }), ofExpat)
  })

  await t.test('what is pushed goes before what was told of it', async () => {
    await pushBuilt(amber, 'own/app', 'v1', built)
    await settled()
    assert.deepEqual(await cves(amber, { repository: 'own/app', tag: 'v1' }), ['CVE-2020-7598'])
    const { body } = await amber.call('GET', '/reports', { query: { repository: 'own/app', tag: 'v1' } })
    assert.equal(body.ImageInfo.source, 'push')
  })

  await t.test('and is not changed by what is told later', async () => {
    const info = { Repository: 'own/app', Tag: 'v1', Registry: '' }
    await post(amber, inventory({ ...info, Digest: built.digest }, { Packages: [] }))
    assert.deepEqual(await cves(amber, { repository: 'own/app', tag: 'v1' }), ['CVE-2020-7598'])
    // Under another name it is still the image that was read.
    const elsewhere = await post(amber, inventory({ Repository: 'own/copy', Digest: built.digest }))
    assert.deepEqual(await cves(amber, { repository: 'own/copy', tag: '1.8.2' }), ['CVE-2020-7598'])
    assert.equal(elsewhere.image_digest, built.digest)
  })

  await t.test('a tag of what was pushed is not taken away by a word', async () => {
    const Digest = digestOf('what somebody says')
    const told = await post(
      amber,
      inventory({ Repository: 'own/app', Tag: 'v1', Registry: '', Digest }, { Packages: [] }),
    )
    assert.deepEqual(await cves(amber, { repository: 'own/app', tag: 'v1' }), ['CVE-2020-7598'])
    const { body } = await amber.call('GET', `/image-assessment/entities/reports/v2/${told.scan_uuid}`)
    assert.equal(body.errors.length, 1) // Nothing was in it: not assessable.
    const { body: check } = await amber.call('GET', '/policy-checks', {
      query: { repository: 'own/app', tag: 'v1' },
    })
    assert.equal(check.resources[0].image.image_digest, built.digest)
  })

  await t.test('it can be forgotten', async () => {
    assert.equal((await amber.call('DELETE', `/images/${digestOf('id of odd').slice(7)}`)).status, 200)
    assert.equal(await cves(amber, { repository: 'shop/odd', tag: '1.8.2' }), 404)
  })

  const refused: readonly (readonly [why: string, body: object, status: number, message: RegExp])[] = [
    ['no name', inventory({ Repository: '' }), 400, /Repository/],
    ['a name with spaces', inventory({ Repository: 'a b' }), 400, /Repository/],
    ['a tag with a NUL', inventory({ Tag: 'a\u0000' }), 400, /Tag/],
    ['a registry without end', inventory({ Registry: 'r'.repeat(300) }), 400, /Registry/],
    ['a digest that is none', inventory({ Digest: 'claimed:x' }), 400, /ImageInfo\.Digest/],
    ['an id that is none', inventory({ ID: '../../etc' }), 400, /ImageInfo\.ID/],
    ['an index that is none', inventory({ IndexDigest: 'sha256:1' }), 400, /IndexDigest/],
    ['a layer without a digest', inventory({}, { Layers: [{ Size: 5 }] }), 400, /Layers\[0\]\.Digest/],
    [
      'layers without end',
      inventory({}, { Layers: Array.from({ length: 1001 }, () => ({ Digest: digest })) }),
      413,
      /layers/,
    ],
    ['no inventory', {}, 400, /inventory/],
    ['a shape of another kind', { inventory: { ImageInfo: [], OSInfo: {} } }, 400, /ImageInfo/],
  ]
  for (const [why, body, status, message] of refused)
    await t.test(`refused: ${why}`, async () => {
      const answer = await amber.call('POST', inventories, { body })
      assert.equal(answer.status, status, answer.text)
      assert.match(answer.body.errors[0].message, message)
    })

  await t.test('text that nobody would write is taken all the same', async () => {
    const Packages = [{ ...expat, Product: 'l\u0001ib\uffff', PackageSource: '' }]
    await post(amber, inventory({ Repository: 'shop/nul', Digest: digestOf('nul') }, { Packages }))
    assert.deepEqual(await cves(amber, { repository: 'shop/nul', tag: '1.8.2' }), [])
  })

  await t.test('its bounds are told by headers alone', async () => {
    const { status, headers, rawHeaders, text } = await amber.call('HEAD', HeadImageScanInventory.url)
    assert.deepEqual([status, text], [200, ''])
    assert.equal(headers['x-lanner-max-packages'], '20000')
    assert.equal(headers['x-lanner-max-inventory-bytes'], String(8 << 20))
    assert.match(headers['x-lanner-advisories'] ?? '', /\S/)
    assert.ok(rawHeaders.includes('X-Cs-Traceid'))
    assert.equal((await amber.call('HEAD', HeadImageScanInventory.url, { token: '' })).status, 401)
  })
})
