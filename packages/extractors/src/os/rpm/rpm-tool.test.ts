import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { extraction } from '../extraction.fixture.ts'
import { rpm } from './index.ts'

const spec = `Name: lanner-sample
Epoch: 2
Version: 1.4
Release: 3
Summary: A package to be read back
License: MIT and BSD
Vendor: Lanner
ModularityLabel: sample:stable:1:abc
BuildArch: noarch
%description
A package to be read back.
%package -n sample-plugin
Epoch: 0
Version: 0.9
Summary: Its sibling
%description -n sample-plugin
Its sibling.
%install
mkdir -p %{buildroot}/usr/share/lanner
echo one > %{buildroot}/usr/share/lanner/one
echo two > %{buildroot}/usr/share/lanner/two
%files
/usr/share/lanner/one
%files -n sample-plugin
/usr/share/lanner/two
`
const missing = ['rpm', 'rpmbuild'].filter((tool) => spawnSync(tool, ['--version']).status !== 0)

test('a database that rpm itself wrote is read as rpm reads it', {
  skip: missing.length > 0 && `needs ${missing.join(' and ')}`,
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'lanner-rpm-'))
  try {
    writeFileSync(join(folder, 'sample.spec'), spec)
    const run = (tool: string, words: readonly string[]): string =>
      execFileSync(tool, words, { cwd: folder, stdio: 'pipe', encoding: 'utf8' }).trim()
    const top = ['--define', `_topdir ${folder}`, '--define', `_tmppath ${folder}`]
    const file = ['--define', '_rpmfilename %%{NAME}.rpm', '--define', '_build_id_links none']
    run('rpmbuild', ['-bb', '--quiet', ...top, ...file, 'sample.spec'])
    const database = ['--dbpath', join(folder, 'database'), '--define', '_db_backend sqlite']
    const packages = ['lanner-sample', 'sample-plugin'].map((name) => join(folder, 'RPMS', `${name}.rpm`))
    const only = ['--nodeps', '--justdb', '--noscripts', '--nosignature']
    run('rpm', ['-i', '--force-debian', ...database, ...only, ...packages])
    const format =
      '%{NAME}|%{EPOCHNUM}|%{VERSION}-%{RELEASE}|%{ARCH}|%{SOURCERPM}|%{LICENSE}|%{VENDOR}|%{MODULARITYLABEL}\\n'
    const listed = run('rpm', ['-qa', ...database, '--qf', format]).split('\n')
    const found = extraction(
      rpm,
      'var/lib/rpm/rpmdb.sqlite',
      readFileSync(join(folder, 'database', 'rpmdb.sqlite')),
    )
    assert.equal(found.fault, undefined)
    const lines = found.packages.map(({ name, version, arch, licenses, vendor, module }) => {
      const [epoch, rest] = version.includes(':') ? version.split(':') : ['0', version]
      return [name, epoch, rest, arch, 'lanner-sample-1.4-3.src.rpm', licenses?.[0], vendor, module].join('|')
    })
    assert.equal(listed.length, 2)
    assert.deepEqual(lines.sort(), listed.sort())
    const sources = new Map(found.packages.map(({ name, source }) => [name, source]))
    assert.deepEqual(sources.get('lanner-sample'), { name: 'lanner-sample' })
    assert.deepEqual(sources.get('sample-plugin'), { name: 'lanner-sample', version: '1.4-3' })
    const files = run('rpm', ['-ql', ...database, 'sample-plugin']).split('\n')
    assert.deepEqual(found.owned['sample-plugin'], files)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
