import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import type { Command } from '../../command.ts'
import { UsageError } from '../../exit.ts'
import { startPlatform, type TestPlatform } from '../../testing/platform.ts'
import { policyExclusions } from '../policy/exclusions.ts'
import { vexExport } from './export.ts'
import { vexImport } from './import.ts'

const document = (version: number, statements: readonly object[]) => ({
  '@context': 'https://openvex.dev/ns/v0.2.0',
  '@id': 'https://acme.example/vex/1',
  author: 'Acme',
  timestamp: `2026-01-0${version}T00:00:00Z`,
  version,
  statements,
})
const leftPad = {
  vulnerability: { name: 'CVE-1999-0001' },
  products: [{ '@id': 'pkg:npm/left-pad@1.3.0' }],
  status: 'not_affected',
  justification: 'vulnerable_code_not_present',
}

suite('VEX, with a server that runs', () => {
  let platform: TestPlatform

  const run = (command: Command, ...args: readonly string[]) => platform.run(command, args)
  const file = async (name: string, content: unknown) => {
    const path = join(platform.folder, name)
    await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
    return path
  }

  before(async () => {
    platform = await startPlatform()
  })
  after(() => platform?.[Symbol.asyncDispose]())

  test('what matches nothing is told with the reason, and the command ends with 1', async () => {
    const path = await file('one.json', document(1, [leftPad]))
    const { code, output } = await run(vexImport, path)
    assert.equal(code, 1, output)
    assert.match(output, /^ {2}OpenVEX of Acme, version 1, https:\/\/acme\.example\/vex\/1$/m)
    assert.match(output, /^ {2}not taken {2}CVE-1999-0001 {2}not_affected {2}no image has CVE-1999-0001$/m)
    assert.match(output, /^ {2}0 of 1 statement taken, 0 exclusions made$/m)
  })

  test('it is kept for images to come, listed, exported, and taken back by the next version', async () => {
    const path = await file('one.json', document(1, [leftPad]))
    const tried = await run(vexImport, path, '--keep-unmatched', '--dry-run')
    assert.equal(tried.code, 0)
    assert.match(tried.output, /1 exclusion made; a dry run, nothing was changed$/m)
    assert.deepEqual(JSON.parse((await run(policyExclusions, '--json')).output), [])

    const taken = await run(vexImport, path, '--keep-unmatched', '--json')
    assert.equal(taken.code, 0, taken.talk)
    const [report] = JSON.parse(taken.output)
    assert.deepEqual([report.statements_taken, report.name], [1, path])
    const [exclusion] = JSON.parse((await run(policyExclusions, '--unmatched', '--json')).output)
    assert.equal(exclusion.id, report.exclusions_created[0])
    assert.equal(exclusion.vex.document, 'https://acme.example/vex/1')
    const listed = await run(policyExclusions)
    assert.match(
      listed.output,
      /^cve CVE-1999-0001, purl pkg:npm\/left-pad@1\.3\.0 +everywhere +no end +active +never .*vulnerable code not present/m,
    )
    assert.equal((await run(policyExclusions, '--expiring', '14d', '--json')).output, '[]\n')

    const place = join(platform.folder, 'out.json')
    const exported = await run(vexExport, '--output', place)
    assert.equal(exported.code, 0, exported.talk)
    assert.match(exported.talk, /^lanner: 1 statement$/m)
    const [statement] = JSON.parse(await readFile(place, 'utf8')).statements
    assert.deepEqual(
      [statement.vulnerability.name, statement.status, statement.justification, statement.products[0]['@id']],
      ['CVE-1999-0001', 'not_affected', 'vulnerable_code_not_present', 'pkg:npm/left-pad@1.3.0'],
    )

    const next = await file('two.json', document(2, []))
    const withdrawn = await run(vexImport, next)
    assert.equal(withdrawn.code, 0, withdrawn.output)
    assert.match(withdrawn.output, /1 taken back or lessened$/m)
    assert.deepEqual(JSON.parse((await run(policyExclusions, '--json')).output), [])
  })

  test('what is no VEX is refused with 3; the other files are taken all the same', async () => {
    const paths = [
      await file('broken.json', '{'),
      await file('list.json', '[]'),
      await file('bom.json', { bomFormat: 'CycloneDX', specVersion: '1.2', serialNumber: 'urn:uuid:1' }),
      join(platform.folder, 'nowhere.json'),
      await file('three.json', document(3, [leftPad])),
    ]
    const { code, output, talk } = await run(vexImport, ...paths, '--keep-unmatched')
    assert.equal(code, 3)
    assert.match(talk, /broken\.json cannot be read: /)
    assert.match(talk, /list\.json is no JSON object/)
    assert.match(talk, /bom\.json was not taken: .*CycloneDX 1\.2.*\(status 400\)/)
    assert.match(talk, /nowhere\.json cannot be read: ENOENT/)
    assert.match(output, /1 of 1 statement taken/)
  })

  test('an image that is not there cannot be exported', async () => {
    const { code, talk } = await run(vexExport, 'shop/checkout:1.8.2')
    assert.equal(code, 3)
    assert.match(talk, /nothing was exported: .*shop\/checkout:1\.8\.2.*\(status 404\)/)
  })

  test('mistakes of the call are told before anything is sent', async () => {
    await assert.rejects(run(vexImport), UsageError)
    await assert.rejects(run(vexExport, 'a:1', 'b:1'), UsageError)
    await assert.rejects(run(vexExport, '--architecture', 'arm64'), UsageError)
    await assert.rejects(run(vexExport, 'no image'), UsageError)
    await assert.rejects(run(policyExclusions, '--expiring', 'soon'), UsageError)
    await assert.rejects(run(policyExclusions, '--expired', '--unmatched'), UsageError)
    await assert.rejects(run(policyExclusions, 'more'), UsageError)
  })
})
