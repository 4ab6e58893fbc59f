import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { RetainedBytes } from '../chunks.ts'
import { readZipEntries, readZipEntry } from '../formats/zip.ts'
import { dotnetDepsJson } from './dotnet/deps-json/index.ts'
import { dotnetNuspec } from './dotnet/nuspec/index.ts'
import { dotnetPackagesConfig } from './dotnet/packages-config/index.ts'
import { families } from './java/archive/families.ts'
import { inferIdentity } from './java/archive/identity.ts'
import { javaArchive } from './java/archive/index.ts'
import { javaRelease } from './java/release/index.ts'
import { nodePackageJson } from './node/package-json/index.ts'
import { observe } from './observe.fixture.ts'
import { composerInstalled } from './php/installed-json/index.ts'
import { pythonArchive } from './python/archive/index.ts'
import { condaMeta } from './python/conda-meta/index.ts'
import { pythonMetadata } from './python/metadata/index.ts'
import { rubyGemspec } from './ruby/gemspec/index.ts'

// Files of real packages, with what other tools read in them.
const folder = process.env['LANNER_TEST_DATA']
const needsTestData = { skip: !folder && 'needs LANNER_TEST_DATA' }

function testData(path: string): Buffer {
  return readFileSync(join(folder ?? '', path))
}

/** `files` of the fixture folder's expected.json. */
function expectedFiles<Expected>(kind: string): [path: string, expected: Expected][] {
  const document: { files: Record<string, Expected> } = JSON.parse(
    testData(`fixtures/${kind}/expected.json`).toString('utf8'),
  )
  return Object.entries(document.files)
}

test('.NET: libraries of deps.json', needsTestData, () => {
  type Library = [name: string, version: string, type?: string]
  for (const [file, expected] of expectedFiles<Library[] | { error: string }>('dotnet')) {
    if (file.endsWith('packages.lock.json')) continue
    const found = observe(dotnetDepsJson, 'app/Web.deps.json', testData(`fixtures/dotnet/${file}`))
    const libraries = Array.isArray(expected) ? expected : []
    const packages = libraries
      // A key without a version is listed with its type in the version's place.
      .filter(([, , type]) => type === 'package' || type === 'runtimepack')
      .map(([name, version]) => `${name.replace(/^runtimepack\./, '')} ${version}`)
    assert.deepEqual(found.names, packages, file)
    assert.deepEqual(found.problems, Array.isArray(expected) ? [] : ['malformed'], file)
  }
})

test('.NET: nuspecs', needsTestData, () => {
  const packages = 'fixtures/dotnet/trivy-nuget/.nuget/packages'
  const json12 = observe(
    dotnetNuspec,
    'root/.nuget/packages/x/1/x.nuspec',
    testData(`${packages}/newtonsoft.json/12.0.3/newtonsoft.json.nuspec`),
  )
  assert.deepEqual(json12.names, ['Newtonsoft.Json 12.0.3'])
  assert.deepEqual(json12.packages[0].licenses, ['MIT'])
  const json6 = observe(
    dotnetNuspec,
    'root/.nuget/packages/x/1/x.nuspec',
    testData(`${packages}/newtonsoft.json/6.0.4/newtonsoft.json.nuspec`),
  )
  assert.deepEqual(json6.names, ['Newtonsoft.Json 6.0.4'])
})

// From the files themselves.
const compiler = 'Microsoft.CodeDom.Providers.DotNetCompilerPlatform 1.0.0'
const configs: Record<string, string[]> = {
  valid: [compiler, 'Microsoft.Net.Compilers 1.0.0'],
  nopackage: [compiler],
  noversion: [compiler],
  invalid: [],
}

test('.NET: packages.config', needsTestData, () => {
  for (const [file, names] of Object.entries(configs)) {
    const found = observe(
      dotnetPackagesConfig,
      'app/packages.config',
      testData(`fixtures/dotnet/scalibr-packages-config/${file}`),
    )
    assert.deepEqual(found.names, names, file)
    assert.deepEqual(found.problems, file === 'invalid' ? ['malformed'] : [])
  }
})

interface ExpectedArchive {
  readonly path: string
  readonly error?: string
  readonly pom_properties: readonly string[]
  readonly manifest: Readonly<Record<string, string>>
}

test('Java: every pom.properties', needsTestData, () => {
  for (const [path, archives] of expectedFiles<ExpectedArchive[]>('java')) {
    const found = observe(javaArchive, path, testData(`fixtures/java/${path}`))
    if (archives.some(({ error }) => error)) {
      assert.deepEqual(found.problems, ['malformed'], path)
      continue
    }
    const expected = archives
      // Depth 11 and below is refused.
      .filter((archive) => archive.path.split('!').length <= 11)
      .flatMap(({ path: inner, pom_properties }) =>
        pom_properties.map((coordinates) => `${inner}!${coordinates.replace(/^None:/, ':')}`),
      )
    const yielded = found.packages
      .filter((item) => item.namespace !== undefined || item.name === 'package-name')
      .map(
        ({ inner, namespace, name, version }) =>
          `${inner ? `!${inner}` : ''}!${namespace ?? ''}:${name}:${version}`,
      )
    assert.deepEqual(new Set(yielded), new Set(expected), path)
    assert.deepEqual(found.problems, path.includes('nested_at_100') ? ['limit-exceeded'] : [], path)
  }
})

// As the projects that these archives come from expect them; the groups that only a look-up by checksum could give
// (org.springframework:spring-core, com.example:heuristic) stay out, and so does that of a dotted file name.
const withoutPom: Record<string, string[]> = {
  'scalibr/no_pom_properties-2.4.0.jar': ['no_pom_properties 2.4.0'],
  'scalibr/no_pom_properties.jar': [],
  'scalibr/org.eclipse.sisu.inject-0.3.5.jar': ['org.eclipse.sisu.inject 0.3.5'],
  'scalibr/com.google.src.yolo-0.1.2.jar': ['com.google.src.yolo 0.1.2'],
  'trivy/heuristic-1.0.0-SNAPSHOT.jar': ['heuristic 1.0.0-SNAPSHOT'],
  'trivy/test.jar': ['org.springframework.core 2.5.6.SEC03'],
}

test('Java: archives without pom.properties', needsTestData, () => {
  for (const [path, expected] of Object.entries(withoutPom)) {
    assert.deepEqual(observe(javaArchive, path, testData(`fixtures/java/${path}`)).names, expected, path)
  }
})

// What the archives would be called if they had no pom.properties; those tell what they are.
test('Java: a file name with a version is a better witness than the manifest', needsTestData, () => {
  const right = { fileFirst: new Set<string>(), manifestAlone: new Set<string>() }
  for (const [path, archives] of expectedFiles<ExpectedArchive[]>('java')) {
    for (const { path: inner, error, pom_properties: truths, manifest } of archives) {
      if (error || truths.length !== 1) continue
      const stem = `${path}${inner}`.replace(/^.*[!/]/, '').replace(/\.\w+$/, '')
      const lines = new Map(Object.entries(manifest).map(([name, value]) => [name.toLowerCase(), value]))
      const [, truth] = /^[^:]*:(.*)$/.exec(truths[0]) ?? []
      for (const [way, name] of [
        ['fileFirst', stem],
        ['manifestAlone', ''],
      ] as const) {
        const found = inferIdentity(name, lines, [])
        if (found && `${found.artifact}:${found.version}` === truth) right[way].add(stem)
      }
    }
  }
  assert.ok(right.fileFirst.size >= 10, [...right.fileFirst].join())
  assert.deepEqual(
    [...right.manifestAlone].filter((stem) => !right.fileFirst.has(stem)),
    [],
  )
})

test('Java: the groups of well-known families are those that advisories use', needsTestData, () => {
  const bytes = RetainedBytes.of(testData('advisories/Maven/all.zip'))
  const groups = new Map<string, Set<string>>()
  for (const entry of readZipEntries(bytes, (name) => name.endsWith('.json'))) {
    const text = readZipEntry(bytes, entry, 16 * 1024 * 1024).text()
    for (const [, group, artifact] of text.matchAll(/"name": ?"([\w.-]+):([\w.-]+)"/g)) {
      groups.set(artifact, (groups.get(artifact) ?? new Set()).add(group))
    }
  }
  let confirmed = 0
  for (const { group, artifacts, from } of families) {
    for (const artifact of artifacts) {
      const known = groups.get(artifact)
      // A group that a project moved to lately may have no advisory yet.
      if (!known || (from !== undefined && !known.has(group))) continue
      assert.ok(known.has(group), `${group}:${artifact}, known as ${[...known]}`)
      confirmed++
    }
  }
  assert.ok(confirmed >= 30, `${confirmed} confirmed`)
})

test('Java: release files', needsTestData, () => {
  const installs = 'fixtures/java/jvm-installs'
  const temurin = observe(
    javaRelease,
    'release',
    testData(`${installs}/valid-post-jep223/jvm/openjdk/release`),
  )
  assert.deepEqual(temurin.names, ['openjdk 21.0.4'])
  const oracle = observe(
    javaRelease,
    'release',
    testData(`${installs}/oracle-jdk-se-8/usr/lib/jvm/jdk-1.8-oracle-x64/release`),
  )
  assert.deepEqual(oracle.names, ['oracle-jdk 1.8.0_411'])
})

test('Node: package.json', needsTestData, () => {
  for (const [path, [name, version]] of expectedFiles<[string | null, string | null]>('node')) {
    // The single files are read as installed ones; their own names say what is odd about them.
    const place = path.includes('node_modules') ? path : 'app/node_modules/x/package.json'
    const found = observe(nodePackageJson, place, testData(`fixtures/node/${path}`))
    assert.deepEqual(found.names, name === null ? [] : [`${name} ${version}`], path)
    assert.deepEqual(found.problems, [], path)
  }
})

test('PHP: installed.json and, as they share their entries, composer.lock', needsTestData, () => {
  for (const [file, expected] of expectedFiles<{ packages?: [string, string][]; error?: string }>('php')) {
    const found = observe(
      composerInstalled,
      'app/vendor/composer/installed.json',
      testData(`fixtures/php/${file}`),
    )
    assert.deepEqual(
      found.names,
      (expected.packages ?? []).map(([name, version]) => `${name} ${version}`),
      file,
    )
    assert.deepEqual(found.problems, expected.error ? ['malformed'] : [], file)
  }
})

test('Python: wheels and eggs', needsTestData, () => {
  for (const [file, [name, version]] of expectedFiles<[string | null, string | null]>('python')) {
    if (!/\.(?:whl|egg)$/.test(file)) continue
    const found = observe(pythonArchive, file, testData(`fixtures/python/${file}`))
    // Without metadata only the name is left to go by.
    assert.deepEqual(found.names, name ? [`${name} ${version}`] : ['monotonic_no_pkginfo 1.6'], file)
    assert.equal(found.packages[0].confidence, name ? 'embedded' : 'inferred')
  }
})

test('Python: conda records', needsTestData, () => {
  const records = expectedFiles<[string, string]>('python').filter(([file]) => file.startsWith('conda-meta/'))
  assert.equal(records.length, 2)
  for (const [file, [name, version]] of records) {
    assert.deepEqual(observe(condaMeta, file, testData(`fixtures/python/${file}`)).names, [
      `${name} ${version}`,
    ])
  }
})

// Header names have no case in a message (RFC 5322, and Python's own reader); the expectation was read with case.
const differences: Record<string, string[]> = {
  'scalibr/mixed_case': ['httplib2 1.0'],
  'scalibr/special_chars': ['backports.ssl_match_hostname 3.5.0.1'],
}

test('Python: metadata', needsTestData, () => {
  let read = 0
  for (const [file, [name, version]] of expectedFiles<[string | null, string | null]>('python')) {
    if (/\.(?:json|whl|egg)$|RECORD|top_level/.test(file)) continue
    const found = observe(
      pythonMetadata,
      'site-packages/x.dist-info/METADATA',
      testData(`fixtures/python/${file}`),
    )
    const expected = differences[file] ?? (name && version ? [`${name} ${version}`] : [])
    assert.deepEqual(found.names, expected, file)
    assert.deepEqual(found.problems, expected.length > 0 ? [] : ['malformed'], file)
    read++
  }
  assert.ok(read > 25)
})

// From the files themselves; the two malformed ones use another receiver than the block's, and have no version.
const gemspecs: Record<string, [names: string[], licenses?: string[]]> = {
  'scalibr/rss-0.2.9.gemspec': [['rss 0.2.9'], ['BSD-2-Clause']],
  'scalibr/yaml-0.2.1.gemspec': [['yaml 0.2.1'], ['Ruby', 'BSD-2-Clause']],
  'syft/bundler.gemspec': [['bundler 2.1.4'], ['MIT']],
  'trivy/license.gemspec': [['async 1.25.0'], ['MIT']],
  'trivy/multiple_licenses.gemspec': [['test-unit 3.3.7'], ['Ruby', 'BSDL', 'PSFL']],
  'trivy/normal00.gemspec': [['rake 13.0.3'], ['MIT']],
  'trivy/normal01.gemspec': [['async 1.25.0'], ['MIT']],
  'trivy/malformed00.gemspec': [[]],
  'trivy/malformed01.gemspec': [[]],
}

test('Ruby: gemspecs', needsTestData, () => {
  for (const [file, [names, licenses]] of Object.entries(gemspecs)) {
    const found = observe(
      rubyGemspec,
      `specifications/${file.split('/')[1]}`,
      testData(`fixtures/ruby/${file}`),
    )
    assert.deepEqual(found.names, names, file)
    assert.deepEqual(found.packages[0]?.licenses, licenses, file)
    assert.deepEqual(found.problems, names.length > 0 ? [] : ['malformed'], file)
  }
})
