import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extraction } from '../extraction.fixture.ts'
import { releaseLine } from './index.ts'

function read(path: string, text: string): string | undefined {
  const [found] = extraction(releaseLine, path, text).distributions
  return found && `${found.id} ${found.version}`
}

test('the distribution and its release', () => {
  const cases: [path: string, text: string, expected: string][] = [
    ['etc/alpine-release', '3.19.1\n', 'alpine 3.19.1'],
    ['etc/alpine-release', '3.20.0_alpha20240329\n', 'alpine 3.20.0_alpha20240329'],
    ['etc/debian_version', '6.0.10\n', 'debian 6'],
    ['etc/debian_version', '12.5\n', 'debian 12'],
    ['etc/redhat-release', 'CentOS release 6.10 (Final)\n', 'centos 6.10'],
    ['etc/redhat-release', 'Red Hat Enterprise Linux Server release 6.9 (Santiago)\n', 'rhel 6.9'],
    ['etc/centos-release', 'CentOS Linux release 7.9.2009 (Core)\n', 'centos 7.9.2009'],
    ['etc/oracle-release', 'Oracle Linux Server release 6.10\n', 'ol 6.10'],
    ['etc/fedora-release', 'Fedora release 17 (Beefy Miracle)\n', 'fedora 17'],
    ['etc/system-release', 'Amazon Linux AMI release 2018.03\n', 'amzn 2018.03'],
    [
      'etc/SuSE-release',
      'SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n',
      'sles 11.4',
    ],
    ['etc/SuSE-release', 'openSUSE 12.1 (x86_64)\nVERSION = 12.1\nCODENAME = Asparagus\n', 'opensuse 12.1'],
  ]
  for (const [path, text, expected] of cases) assert.equal(read(path, text), expected, path)
})

test('what is not said plainly is not guessed', () => {
  // Debian testing and every Ubuntu have such a line.
  assert.equal(read('etc/debian_version', 'bookworm/sid\n'), undefined)
  assert.equal(read('etc/redhat-release', 'A derivative release 1.0\n'), undefined)
  assert.equal(read('etc/redhat-release', 'CentOS release\n'), undefined)
})

test('malformed and truncated files say nothing', () => {
  for (const path of releaseLine.wants.paths ?? []) {
    assert.equal(read(path, ''), undefined)
    assert.equal(read(path, '\0\0\0'), undefined)
    assert.equal(read(path, 'CentOS rel'), undefined)
  }
})
