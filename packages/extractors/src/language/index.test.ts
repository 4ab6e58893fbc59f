import assert from 'node:assert/strict'
import { test } from 'node:test'
import { WantedPaths } from '../wants.ts'
import { languageExtractors } from './index.ts'

const wanted = new WantedPaths(languageExtractors)

function wantedBy(path: string): string[] {
  return wanted.of(path).map(({ id }) => id)
}

test('the list is sorted by id, and ids are unique', () => {
  const ids = languageExtractors.map(({ id }) => id)
  assert.deepEqual(ids, [...new Set(ids)].toSorted())
})

const paths: [path: string, id: string][] = [
  ['opt/bitnami/postgresql/.spdx-postgresql.spdx', 'language/bitnami/spdx'],
  ['app/Web.deps.json', 'language/dotnet/deps-json'],
  [
    'usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/Microsoft.NETCore.App.deps.json',
    'language/dotnet/deps-json',
  ],
  ['root/.nuget/packages/serilog/2.10.0/serilog.nuspec', 'language/dotnet/nuspec'],
  ['app/packages.config', 'language/dotnet/packages-config'],
  ['app.jar', 'language/java/archive'],
  ['opt/app/lib/a.war', 'language/java/archive'],
  ['usr/lib/jvm/java-17/release', 'language/java/release'],
  ['app/node_modules/@babel/parser/package.json', 'language/node/package-json'],
  ['usr/share/nodejs/semver/package.json', 'language/node/package-json'],
  ['app/vendor/composer/installed.json', 'language/php/installed-json'],
  ['usr/lib/python3/dist-packages/x-1.egg', 'language/python/archive'],
  ['usr/lib/python3.11/ensurepip/_bundled/pip-23.0.1-py3-none-any.whl', 'language/python/archive'],
  ['opt/conda/conda-meta/zlib-1.2.13-h166bdaf_4.json', 'language/python/conda-meta'],
  ['usr/lib/python3/dist-packages/x-1.dist-info/METADATA', 'language/python/metadata'],
  ['usr/lib/python3/dist-packages/x-1.egg-info/PKG-INFO', 'language/python/metadata'],
  ['usr/lib/python3/dist-packages/x-1.egg-info', 'language/python/metadata'],
  ['usr/lib/python3/dist-packages/x-1.egg/EGG-INFO/PKG-INFO', 'language/python/metadata'],
  ['usr/lib/R/site-library/jsonlite/DESCRIPTION', 'language/r/description'],
  ['usr/lib/R/library/base/DESCRIPTION', 'language/r/description'],
  ['usr/local/bundle/specifications/rake-13.0.3.gemspec', 'language/ruby/gemspec'],
  ['usr/lib/ruby/gems/3.1.0/specifications/default/json-2.6.1.gemspec', 'language/ruby/gemspec'],
]

test('each wants the files that installers leave, and no other does', () => {
  for (const [path, id] of paths) assert.deepEqual(wantedBy(path), [id], path)
  assert.deepEqual(new Set(paths.map(([, id]) => id)).size, languageExtractors.length)
})

// What was meant to be installed, perhaps elsewhere, is no evidence of what is in the image.
const notWanted = [
  'app/package-lock.json',
  'app/yarn.lock',
  'app/pnpm-lock.yaml',
  'app/composer.lock',
  'app/Gemfile.lock',
  'app/Cargo.lock',
  'app/packages.lock.json',
  'app/requirements.txt',
  'app/poetry.lock',
  'app/go.sum',
  'app/pom.xml',
  'app/x.gemspec',
  'usr/lib/ruby/gems/3.1.0/gems/rake-13.0.3/rake.gemspec',
  'app/x-1.dist-info/RECORD',
  'app/a.class',
  'app/a.zip',
]

test('lock files, requirement lists and sources are not wanted', () => {
  for (const path of notWanted) assert.deepEqual(wantedBy(path), [], path)
})
