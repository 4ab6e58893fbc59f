import assert from 'node:assert/strict'
import { test } from 'node:test'
import { mainVersion } from './main-version.ts'

const path = 'example.org/tool'
const cases: readonly [stated: string, ldflags: string, version: string][] = [
  ['v1.3.5', '-X main.version=v9.9.9', 'v1.3.5'],
  [
    'v1.2.4-0.20240426163332-638f845a18e8+dirty',
    '-X main.version=v1.2.3',
    'v1.2.4-0.20240426163332-638f845a18e8+dirty',
  ],
  ['(devel)', '', '(devel)'],
  ['', '', '(devel)'],
  ['(devel)', '-w -X main.version=v1.0.0', 'v1.0.0'],
  ['(devel)', '-s -w -X=main.Version=1.0.0', 'v1.0.0'],
  ['(devel)', '--X main.appVersion=1.0.0-rc.1', 'v1.0.0-rc.1'],
  ['v0.0.0-20240426163332-638f845a18e8+dirty', '-X main.version=v1.0.0', 'v1.0.0'],
  ['v0.0.0-20240426163332-638f845a18e8', '', 'v0.0.0-20240426163332-638f845a18e8'],
  ['(devel)', `-X 'main.buildDate=1 May 2024' -X "example.org/tool/version.Version=2.0.0"`, 'v2.0.0'],
  ['(devel)', '-X example.org/tool/version.Version=2.0.0 -X main.version=3.0.0', 'v3.0.0'],
  ['(devel)', '-X example.org/toolbox/version.Version=2.0.0', '(devel)'],
  ['(devel)', '-X github.com/other/library/version.Version=2.0.0', '(devel)'],
  ['(devel)', '-X github.com/prometheus/common/version.Version=2.45.0', 'v2.45.0'],
  ['(devel)', '-X main.goVersion=1.22.1 -X main.commit=1.2.3', '(devel)'],
  ['(devel)', '-X main.version=unknown -X main.Version=dev', '(devel)'],
  ['(devel)', '-X main.version=1.2', '(devel)'],
  ['(devel)', '-X main.version=v1.2.3-14-g2414721', 'v1.2.3+14.g2414721'],
  ['(devel)', '-X main.version=v1.2.3-rc.1-14-g2414721-dirty', 'v1.2.3-rc.1+14.g2414721.dirty'],
  ['(devel)', '-X main.version=v1.2.3-dirty', 'v1.2.3+dirty'],
  ['(devel)', '-X main.version', '(devel)'],
  ['(devel)', '-X', '(devel)'],
]

for (const [stated, ldflags, version] of cases) {
  test(`${stated || 'nothing'} and ${ldflags || 'no flags'}: ${version}`, () => {
    const settings = new Map(ldflags ? [['-ldflags', ldflags]] : [])
    assert.equal(mainVersion({ path, version: stated }, settings), version)
  })
}

test('flags built to be slow to read are not', () => {
  const started = performance.now()
  for (const flags of [
    `-X ${'-1-g0000000'.repeat(5000)}`,
    `${"'".repeat(50_000)}`,
    `-X main.version=1.2.3${'-'.repeat(60_000)}`,
  ]) {
    assert.equal(mainVersion({ path, version: '' }, new Map([['-ldflags', flags]])), '(devel)')
  }
  assert.ok(performance.now() - started < 1000)
})
