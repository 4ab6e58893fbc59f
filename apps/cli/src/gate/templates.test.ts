import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '@lanner/testkit'
import { parse } from 'yaml'
import { parseCommandLine } from '../command.ts'
import { policyCheck } from '../commands/policy-check.ts'

const root = join(import.meta.dirname, '../../../..')
const actionPath = 'deploy/github-action/action.yml'
const read = (path: string) => parse(readFileSync(join(root, path), 'utf8'))

const launcher = 'apps/cli/bin/lanner.cjs'

// https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax
test('the GitHub action has what GitHub requires, and no input in a script', () => {
  const action = read(actionPath)
  assert.deepEqual(Object.keys(action), ['name', 'description', 'inputs', 'outputs', 'runs'])
  assert.equal(action.runs.using, 'composite')
  for (const [name, input] of Object.entries<Record<string, unknown>>(action.inputs)) {
    assert.match(name, /^[a-z][a-z-]*$/)
    assert.equal(typeof input['description'], 'string', name)
    assert.ok(input['required'] === true || typeof input['default'] === 'string', name)
  }
  for (const step of action.runs.steps) {
    assert.equal(step.shell, 'bash')
    assert.doesNotMatch(step.run, /\$\{\{/)
    for (const [, path = ''] of step.run.matchAll(/\$GITHUB_ACTION_PATH\/(\S+?)"/g))
      assert.equal(normalize(join(dirname(actionPath), path)), launcher)
  }
  const [, check] = action.runs.steps
  const used = JSON.stringify(check.env).matchAll(/\$\{\{ inputs\.([\w-]+) \}\}/g)
  assert.deepEqual([...used].map(([, name]) => name).sort(), Object.keys(action.inputs).sort())
  assert.equal(action.outputs.result.value, `\${{ steps.${check.id}.outputs.result }}`)
  assert.ok(existsSync(join(root, launcher)))
})

test('the script of the action calls the command as it is, and ends as it does', async () => {
  const folder = await temporaryFolder()
  try {
    // In place of the launcher stands what tells its arguments and ends with the code that the image names.
    await mkdir(join(folder.path, 'apps/cli/bin'), { recursive: true })
    await writeFile(
      join(folder.path, launcher),
      'console.log(JSON.stringify(process.argv.slice(2))); process.exit(Number(process.argv.at(-1).split(":")[1]))',
    )
    const [, check] = read(actionPath).runs.steps
    const run = async (tag: number, inputs: Record<string, string>) => {
      const output = join(folder.path, `output-${tag}`)
      await writeFile(output, '')
      const empty = Object.fromEntries(Object.keys(check.env).map((name) => [name, '']))
      const { stdout, status, stderr } = spawnSync(
        'bash',
        ['--noprofile', '--norc', '-eo', 'pipefail', '-c', check.run],
        {
          env: {
            PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
            GITHUB_ACTION_PATH: join(folder.path, 'deploy/github-action'),
            GITHUB_OUTPUT: output,
            ...empty,
            POLICY_CHECK_IMAGE: `shop/$(id) check:${tag}`,
            ...inputs,
          },
          encoding: 'utf8',
        },
      )
      assert.equal(stderr, '')
      return { words: JSON.parse(stdout), status, output: readFileSync(output, 'utf8') }
    }
    const plain = await run(0, {})
    assert.deepEqual(plain, {
      words: ['policy-check', '--', 'shop/$(id) check:0'],
      status: 0,
      output: 'result=pass\n',
    })
    const all = await run(1, {
      POLICY_CHECK_WAIT: '90s',
      POLICY_CHECK_FORMAT: 'junit',
      POLICY_CHECK_OUTPUT: 'a b.xml',
      POLICY_CHECK_ARCHITECTURE: 'arm64',
      POLICY_CHECK_ALLOW_UNASSESSED: 'true',
    })
    assert.deepEqual([all.status, all.output], [1, 'result=deny\n'])
    const { positionals, options } = parseCommandLine(policyCheck, all.words.slice(1))
    assert.deepEqual(positionals, ['shop/$(id) check:1'])
    assert.deepEqual(
      [
        ...['wait', 'format', 'output', 'architecture'].map((name) => options.text(name)),
        options.flag('allow-unassessed'),
      ],
      ['90s', 'junit', 'a b.xml', 'arm64', true],
    )
    assert.deepEqual((await run(3, {})).output, 'result=undecided\n')
  } finally {
    await folder[Symbol.asyncDispose]()
  }
})

interface GitLabJob {
  readonly script: readonly string[]
  readonly variables: Readonly<Record<string, string>>
  readonly artifacts: {
    readonly when: string
    readonly paths: readonly string[]
    readonly reports: { readonly junit: string }
  }
}

// https://docs.gitlab.com/ci/yaml/
test('the GitLab template is one job with a JUnit report', () => {
  const template = read('deploy/gitlab/policy-check.yml')
  const [[name, job], ...more] = Object.entries<GitLabJob>(template)
  assert.deepEqual([name, more.length], ['policy-check', 0])
  for (const key of Object.keys(job!))
    assert.ok(
      ['stage', 'image', 'variables', 'before_script', 'script', 'after_script', 'artifacts'].includes(key),
      key,
    )
  const { script, artifacts, variables } = job!
  for (const value of Object.values(variables)) assert.equal(typeof value, 'string')
  assert.equal(artifacts.when, 'always')
  assert.deepEqual(artifacts.paths, [artifacts.reports.junit])
  const [line] = script.filter((each) => each.includes('policy-check '))
  assert.ok(line?.includes(`/${launcher}" policy-check `))
  const words = line!.split(' policy-check ')[1]!.replaceAll('"', '').split(' ')
  const { options, positionals } = parseCommandLine(
    policyCheck,
    words.map((word) => word.replace('$POLICY_CHECK_WAIT', variables['POLICY_CHECK_WAIT']!)),
  )
  assert.deepEqual(positionals, ['$POLICY_CHECK_IMAGE'])
  assert.deepEqual([options.text('format'), options.text('output')], ['junit', artifacts.reports.junit])
})
