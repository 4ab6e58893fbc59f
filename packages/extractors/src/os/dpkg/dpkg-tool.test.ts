import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { extraction } from '../extraction.fixture.ts'
import { dpkg } from './index.ts'

const fields = [
  'db:Status-Status',
  'Package',
  'Version',
  'Architecture',
  'source:Package',
  'source:Version',
  'Maintainer',
]
const format = `${fields.map((field) => `\${${field}}`).join('|')}\n`
const listed = spawnSync('dpkg-query', ['-W', '-f', format], {
  encoding: 'utf8',
  maxBuffer: 64 * 1024 * 1024,
})
const usable = listed.status === 0 && existsSync('/var/lib/dpkg/status')

test("this machine's own status file is read as dpkg-query reads it", {
  skip: !usable && 'needs a machine with dpkg',
}, () => {
  const wanted = listed.stdout
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('installed|'))
    .map((line) => line.slice('installed|'.length))
  const found = extraction(dpkg, 'var/lib/dpkg/status', readFileSync('/var/lib/dpkg/status'))
  const rows = found.packages.map(({ name, version, arch, source, vendor }) =>
    [name, version, arch, source?.name ?? name, source?.version ?? version, vendor ?? ''].join('|'),
  )
  assert.equal(found.fault, undefined)
  assert.deepEqual(rows.sort(), wanted.sort())
})
