import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { temporaryFolder } from '@lanner/testkit'
import { UsageError } from '../exit.ts'
import { runCommand } from '../testing/terminal.ts'
import { type SaidOfImage, verdictPlatform } from '../testing/verdict-platform.ts'
import { policyCheck } from './policy-check.ts'

const name = 'shop/checkout:1.8.2'
const finding = {
  vulnerability: 'CVE-2021-44228',
  aliases: [],
  severity: 'critical' as const,
  verdict: 'affected' as const,
  cvss_score: 10,
  cps_rating: 'critical',
  epss: 0.9,
  exploited: true,
  fix_available: true,
  fixed_versions: ['2.15.0'],
  package_type: 'maven',
  package: 'log4j-core',
  version: '2.14.1',
  paths: ['srv/app/log4j.jar'],
}
const denied: SaidOfImage = {
  action: 'block',
  policy: { id: 'p', name: 'Production', is_default: false },
  rules: [{ index: 0, action: 'block', conditions: [{ prop: 'severity', op: 'gte', value: 'high' }] }],
  matched: { vulnerabilities: [finding], totals: { vulnerabilities: 1, packages: 0, detections: 0 } },
}

async function open(t: TestContext) {
  const platform = await verdictPlatform(t)
  const folder = await temporaryFolder()
  t.after(() => folder[Symbol.asyncDispose]())
  const environment = {
    LANNER_URL: platform.url,
    LANNER_CLIENT_ID: '0'.repeat(32),
    LANNER_CLIENT_SECRET: 'a-secret-of-the-test',
  }
  const run = (args: readonly string[], more: Record<string, string> = {}) =>
    runCommand(policyCheck, args, folder.path, { environment: { ...environment, ...more } })
  return { platform, folder: folder.path, run }
}

test('a denial: exit 1, with policy, rule, finding and fix', async (t) => {
  const { platform, run } = await open(t)
  platform.say(name, denied)
  const { code, output, talk } = await run([name])
  assert.equal(code, 1)
  assert.equal(talk, '')
  const lines = output.split('\n')
  assert.match(lines[0]!, /^DENIED {2}shop\/checkout:1\.8\.2 \([0-9a-f]+, amd64\)$/)
  assert.deepEqual(lines.slice(1, 4), [
    'Policy Production blocks it.',
    '  rule 1: block when severity ≥ high',
    '',
  ])
  assert.match(
    output,
    /^CRITICAL +CVE-2021-44228 in log4j-core 2\.14\.1 +critical, known to be exploited; fixed in 2\.15\.0 +srv\/app\/log4j\.jar$/m,
  )
})

test('a pass, a pass with an alert, and one in part say what they are', async (t) => {
  const { platform, run } = await open(t)
  platform.say('shop/a:1', {})
  platform.say('shop/b:1', { ...denied, action: 'alert' })
  platform.say('shop/c:1', { state: 'partially', reason: 'no feed for its distribution' })
  assert.deepEqual(
    await Promise.all(
      ['shop/a:1', 'shop/b:1', 'shop/c:1'].map(async (each) => {
        const { code, output } = await run([each])
        return [code, output.split('\n')[0]!.split('  ')[0], /only in part: no feed/.test(output)]
      }),
    ),
    [
      [0, 'PASSED', false],
      [0, 'PASSED WITH AN ALERT', false],
      [0, 'PASSED', true],
    ],
  )
})

test('what nobody can say ends with 3 and the reason, in every format', async (t) => {
  const { platform, run } = await open(t)
  const unknown = await run(['shop/nothing:1'])
  assert.deepEqual([unknown.code, unknown.output.split('\n')[0]], [3, 'UNDECIDED  shop/nothing:1'])
  assert.match(unknown.output, /The image is unknown: no image of this name/)
  assert.equal((await run(['shop/nothing:1', '--allow-unassessed'])).code, 0)
  platform.behave(403)
  for (const format of ['json', 'junit', 'sarif', 'markdown']) {
    const refused = await run(['shop/nothing:1', '--format', format])
    assert.equal(refused.code, 3)
    assert.match(refused.talk, /needs the scope lanner-verdicts:read/)
    assert.match(refused.output, /needs the scope lanner-verdicts:read/)
  }
})

test('a wait goes on through an absence of the server until the image is assessed', async (t) => {
  const { platform, run } = await open(t)
  platform.say(name, { state: 'pending', reason: 'its layers have not been read yet', action: null })
  const waiting = run([name, '--wait'])
  await until(() => platform.asked.length > 0)
  platform.behave(503)
  await until(() => platform.asked.length > 1)
  platform.say(name, denied)
  platform.behave('well')
  const { code, output, talk } = await waiting
  assert.equal(code, 1)
  assert.match(output, /^DENIED/)
  assert.match(
    talk,
    /^shop\/checkout:1\.8\.2: pending, its layers have not been read yet; waiting, 0 s of 300 s$/m,
  )
})

test('a wait has an end, and the exit says that nothing was found out', async (t) => {
  const { platform, run } = await open(t)
  platform.say(name, { state: 'pending', reason: 'its layers have not been read yet', action: null })
  const { code, output } = await run(['--wait', '300ms', '--quiet', name])
  assert.equal(code, 3)
  assert.match(output, /is pending: its layers have not been read yet \(waited 1 s\)/)
  assert.ok(platform.asked.length > 1)
})

test('JSON, JUnit and SARIF to a file; the summary of a step beside the table', async (t) => {
  const { platform, folder, run } = await open(t)
  platform.say(name, denied)
  const path = join(folder, 'result')
  for (const [format, shape] of [
    ['json', /"result": "deny"/],
    ['junit', /<failure message="Policy Production blocks it\." type="denied">/],
    ['sarif', /"ruleId": "CVE-2021-44228"/],
    ['markdown', /^### Policy check: shop\/checkout:1\.8\.2: denied$/m],
  ] as const) {
    const { code, output } = await run([name, '-f', format, '-o', path])
    assert.deepEqual([code, output], [1, ''])
    assert.match(await readFile(path, 'utf8'), shape)
  }
  const summary = join(folder, 'summary.md')
  await writeFile(summary, 'before\n')
  const { output } = await run([name], { GITHUB_STEP_SUMMARY: summary })
  assert.match(output, /^DENIED/)
  assert.match(await readFile(summary, 'utf8'), /^before\n### Policy check: /)
  await run([name, '--json'], { GITHUB_STEP_SUMMARY: join(folder, 'none.md') })
  await assert.rejects(readFile(join(folder, 'none.md')))
  const lost = await run([name], { GITHUB_STEP_SUMMARY: join(folder, 'no', 'such', 'folder') })
  assert.equal(lost.code, 1)
  assert.match(lost.talk, /the summary of the step was not written/)
})

test('what is asked: architecture, digest, the host of the server itself', async (t) => {
  const { platform, run } = await open(t)
  const digest = `sha256:${'9a'.repeat(32)}`
  await run([`shop/checkout@${digest}`, '--architecture', 'arm64'])
  await run([`${new URL(platform.url).host}/shop/checkout:1`])
  await run(['ghcr.io/shop/checkout:1'])
  assert.deepEqual(
    platform.queries.map((query) => Object.fromEntries(query)),
    [
      { repository: 'shop/checkout', digest, architecture: 'arm64' },
      { pushed: 'true', repository: 'shop/checkout', tag: '1' },
      { registry: 'ghcr.io', repository: 'shop/checkout', tag: '1' },
    ],
  )
})

test('a command line that cannot be understood', async (t) => {
  const { run } = await open(t)
  for (const args of [
    [],
    [name, 'more'],
    ['shop/checkout'],
    [name, '--wait', '5x'],
    [name, '--wait=48h'],
    [name, '--format', 'xml'],
    [name, '--json', '--format', 'junit'],
  ])
    await assert.rejects(run(args), UsageError)
})

async function until(holds: () => boolean): Promise<void> {
  for (let times = 0; !holds(); times++) {
    assert.ok(times < 2000, 'it does not come about')
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
