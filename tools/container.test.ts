import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import { test } from 'node:test'
import { parseAllDocuments } from 'yaml'
import { parseCommandLine } from '../apps/cli/src/command.ts'
import { findCommand } from '../apps/cli/src/commands.ts'
import { readServerSettings, serverSettings } from '../apps/server/src/config/settings.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const containerfile = 'deploy/container/Containerfile'
interface Instruction {
  readonly name: string
  readonly rest: string
}

/** One entry an instruction, comments left out, continued lines joined. */
const instructions: readonly Instruction[] = read(containerfile)
  .replace(/^\s*#.*\n/gm, '')
  .replace(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [, name, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? assert.fail(`not an instruction: ${line}`)
    return { name, rest }
  })
const all = (name: string) => instructions.filter((each) => each.name === name).map(({ rest }) => rest)
const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'))
const final = (name: string) => last.filter((each) => each.name === name).map(({ rest }) => rest)
const { version, license } = JSON.parse(read('package.json')) as { version: string; license: string }

// biome-ignore lint/suspicious/noExplicitAny: what a manifest holds is what the test is about
type Manifest = any

function manifestsOf(path: string): readonly Manifest[] {
  return parseAllDocuments(read(path), { uniqueKeys: true }).map((document) => {
    assert.deepEqual([document.errors, document.warnings], [[], []], path)
    return document.toJS()
  })
}

const only = (path: string): Manifest => manifestsOf(path)[0]
const server = 'deploy/kubernetes/server'
const compose = only('deploy/compose.yaml').services.lanner
const set = only(`${server}/stateful-set.yaml`)
const pod = set.spec.template.spec
const [container] = pod.containers
const folder = '/var/lib/lanner'

/** The settings of a server that is called with these words in this environment. */
async function settingsOf(words: readonly string[], environment: Readonly<Record<string, string>>) {
  const found = findCommand(words) ?? assert.fail(words.join(' '))
  const { options } = parseCommandLine(await found.entry.load(), found.rest)
  const given = { LANNER_HOST: options.text('host'), LANNER_PORT: options.text('port') }
  const dataFolder = options.text('data-dir')
  return readServerSettings({
    ...environment,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    ...(dataFolder === undefined ? {} : { LANNER_DATA_DIR: dataFolder }),
  })
}

const environmentOf = (lines: readonly string[]): Record<string, string> =>
  Object.fromEntries(lines.flatMap((line) => [...line.matchAll(/(\w+)=(\S+)/g)].map(([, k, v]) => [k, v])))

test('an image is built of the base and of packages held to the lock file, and of nothing else', () => {
  assert.equal(all('ARG')[0], 'BASE=docker.io/library/node:24-bookworm-slim')
  for (const from of all('FROM')) assert.match(from, /^(?:\$\{BASE\} AS \w+|scratch)$/)
  assert.deepEqual(all('ADD'), [])
  for (const run of all('RUN')) {
    for (const command of run.split(/\s*(?:&&|\|\|?|;(?!$)|\$\(|`)\s*/)) {
      const [program, ...words] = command.split(' ')
      assert.match(program ?? '', /^(?:npm|node|rm|find|groupadd|useradd|install|ln)$/, command)
      if (program === 'npm') assert.match(command, /^npm ci (?:--omit=dev )?--ignore-scripts /)
      if (program === 'node') assert.ok(existsSync(join(root, words[0] ?? '')), command)
    }
  }
  assert.ok(all('RUN').some((run) => run.startsWith('npm ci --omit=dev ')))
  for (const copy of all('COPY')) assert.match(copy, /^(?:--from=\w+ \S+ \/|\. \.)$/)
})

test('it runs as an account that is not root, is listed, and owns nothing but the data', () => {
  assert.deepEqual(final('USER'), ['65532:65532'])
  const made = all('RUN').join(' ')
  assert.match(made, /groupadd --gid 65532 /)
  assert.match(made, /useradd --uid 65532 --gid 65532 --home-dir \/var\/lib\/lanner /)
  assert.match(made, /install --directory --owner=65532 --group=65532 --mode=0700 \/var\/lib\/lanner /)
  assert.doesNotMatch(made, /--chown|\bchown\b/)
  assert.deepEqual([final('VOLUME'), final('WORKDIR')], [[folder], [folder]])
})

test('it starts the platform, where it says that it listens', async () => {
  const [entry, words] = [final('ENTRYPOINT'), final('CMD')].map(([list]) => JSON.parse(list ?? ''))
  assert.deepEqual(entry, ['lanner'])
  assert.match(
    all('RUN').join(' '),
    /ln -s \/opt\/lanner\/apps\/cli\/bin\/lanner\.cjs \/usr\/local\/bin\/lanner\b/,
  )
  const { PATH, ...environment } = environmentOf(final('ENV'))
  assert.ok(PATH?.split(':').includes('/usr/local/bin'))
  const { host, port, dataFolder } = await settingsOf(words, environment)
  assert.deepEqual([host, dataFolder], ['0.0.0.0', folder])
  assert.deepEqual(final('EXPOSE'), [String(port)])
  const labels = final('LABEL').join(' ')
  assert.ok(labels.includes(`org.opencontainers.image.version="${version}"`))
  assert.ok(labels.includes(`org.opencontainers.image.licenses="${license}"`))
})

test('every file that is copied into it is one', () => {
  const assemble = read('deploy/container/assemble.mjs')
  const list = /const wanted = \[(?<list>[^\]]+)\]/.exec(assemble)?.groups?.['list'] ?? ''
  const wanted = [...list.matchAll(/'([^']+)'/g)].map(([, path]) => path)
  assert.ok(wanted.includes('apps/cli/bin/lanner.cjs'))
  // The bundle is made on the way.
  for (const path of wanted) assert.ok(path === 'dist' || existsSync(join(root, path)), path)
  // What the bundle leaves outside must be there whole.
  const [, outside] = /external: \[([^\]]*)\]/.exec(read('tools/bundle.mjs')) ?? []
  const whole = new RegExp(/const whole = \/(.+)\/\n/.exec(assemble)?.[1] ?? assert.fail())
  for (const [, name] of (outside ?? '').matchAll(/'([^']+)'/g)) assert.match(name, whole)
  const { optionalDependencies } = JSON.parse(read('apps/server/package.json'))
  for (const name of Object.keys(optionalDependencies)) assert.match(name, whole)
})

/** Whether a path is sent to the builder: the last line that speaks of it or of a folder above it decides. */
function isSent(path: string): boolean {
  const parts = path.split('/')
  const above = parts.map((_, at) => parts.slice(0, at + 1).join('/'))
  let sent = true
  for (const line of read('.dockerignore').split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const pattern = line.replace(/^!/, '')
    if (above.some((each) => matchesGlob(each, pattern))) sent = line.startsWith('!')
  }
  return sent
}

test('the builder gets the sources, and nothing that lies about in a checkout', () => {
  const needed = [
    'package.json',
    'package-lock.json',
    '.npmrc',
    'LICENSE',
    'deploy/container/bundle.mjs',
    'tools/warm-bundle.cjs',
    ...globSync(['apps/*/src/**/*.ts', 'packages/*/{package.json,src/**/*.ts}', 'demo/**/*.json'], {
      cwd: root,
    }).filter((path) => !path.endsWith('.test.ts')),
  ]
  assert.ok(needed.length > 300)
  assert.deepEqual(
    needed.filter((path) => !isSent(path)),
    [],
  )
  const kept = [
    '.git/config',
    '.env',
    'apps/.env.local',
    'node_modules/pg/package.json',
    'packages/oci/node_modules/x/package.json',
    'tools/node/node_modules/x/bin/node',
    'dist/current.json',
    '.lanner/master.key',
    'apps/server/.lanner/master.key',
    '.cache/x',
    'bench/results.md',
    'deploy/kubernetes/plain/tls.key',
    'backup.lanner',
    'apps/cli/src/main.test.ts',
  ]
  assert.deepEqual(kept.filter(isSent), [])
})

test('compose runs that image closed, on the loopback, with its data in a volume', () => {
  assert.equal(compose.image, `lanner:${version}`)
  assert.ok(existsSync(join(root, 'deploy', compose.build.context, compose.build.dockerfile)))
  assert.deepEqual(compose.ports, ['127.0.0.1:8080:8080'])
  assert.deepEqual(compose.volumes, [`data:${folder}`])
  assert.deepEqual([compose.read_only, compose.cap_drop], [true, ['ALL']])
  const known = new Set<string>(Object.values(serverSettings).map(({ name }) => name))
  for (const [name, value] of Object.entries(compose.environment)) {
    assert.ok(known.has(name), name)
    assert.equal(value, `\${${name}:-}`)
  }
  // Set to nothing is as good as not set.
  assert.equal(readServerSettings({ DATABASE_URL: '', LANNER_MASTER_KEY: '' }).databaseUrl, undefined)
  assert.deepEqual(compose.healthcheck.test.slice(0, 3), ['CMD', 'node', '--eval'])
  assert.match(compose.healthcheck.test[3], /^fetch\('http:\/\/127\.0\.0\.1:8080\/readyz'\)/)
})

test('the cluster runs it as that account, closed, with its data in a claim and its key from a secret', async () => {
  assert.equal(set.spec.replicas, 1)
  const { runAsNonRoot, runAsUser, runAsGroup, fsGroup } = pod.securityContext
  assert.deepEqual([runAsNonRoot, `${runAsUser}:${runAsGroup}`, fsGroup], [true, final('USER')[0], 65532])
  assert.deepEqual(container.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  })
  const [claim] = set.spec.volumeClaimTemplates
  const mount = container.volumeMounts.find(({ name }: Manifest) => name === claim.metadata.name)
  const secret = only(`${server}/secret.example.yaml`)
  const { host, port, dataFolder } = await settingsOf(container.args, {
    ...environmentOf(only(`${server}/kustomization.yaml`).configMapGenerator[0].literals),
    ...Object.fromEntries(container.env.map(({ name, value }: Manifest) => [name, value])),
    ...Object.fromEntries(Object.keys(secret.stringData).map((name) => [name, '0'.repeat(64)])),
  })
  assert.deepEqual([host, dataFolder], ['0.0.0.0', mount.mountPath])
  assert.equal(container.ports[0].containerPort, port)
  assert.deepEqual(Object.keys(secret.stringData), ['LANNER_MASTER_KEY'])
  assert.equal(container.envFrom[1].secretRef.name, secret.metadata.name)
  for (const [probe, path] of [
    [container.startupProbe, '/healthz'],
    [container.livenessProbe, '/healthz'],
    [container.readinessProbe, '/readyz'],
  ])
    assert.deepEqual(probe.httpGet, { path, port: container.ports[0].name })
  const service = only(`${server}/service.yaml`)
  assert.deepEqual(service.spec.selector, set.spec.template.metadata.labels)
  assert.deepEqual(set.spec.selector.matchLabels, set.spec.template.metadata.labels)
  assert.equal(set.spec.serviceName, service.metadata.name)
  assert.equal(service.spec.ports[0].targetPort, container.ports[0].name)
})

test('every manifest of the server is in the kustomization, in its namespace, under the image of the webhook', () => {
  const { resources, images, configMapGenerator } = only(`${server}/kustomization.yaml`)
  const files = globSync('*.yaml', { cwd: join(root, server) }).filter(
    (path) => !['kustomization.yaml', 'secret.example.yaml'].includes(path),
  )
  assert.deepEqual(resources.toSorted(), files.toSorted())
  const { name } = only(`${server}/namespace.yaml`).metadata
  for (const file of files.concat('secret.example.yaml')) {
    const { kind, metadata } = only(`${server}/${file}`)
    if (kind !== 'Namespace') assert.equal(metadata.namespace, name, file)
  }
  assert.deepEqual(images, only('deploy/kubernetes/base/kustomization.yaml').images)
  assert.equal(images[0].newTag, version)
  assert.equal(configMapGenerator[0].name, container.envFrom[0].configMapRef.name)
  const [webhook] = only('deploy/kubernetes/base/webhook.yaml').webhooks
  assert.ok(webhook.namespaceSelector.matchExpressions[0].values.includes(name))
})
