import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { ephemeralContainers, reviewVersion, workloads } from '@lanner/admission'
import { parseAllDocuments } from 'yaml'
import { parseCommandLine } from '../command.ts'
import { admission } from '../commands/admission.ts'
import { startAdmission } from '../testing/admission.ts'
import { verdictPlatform } from '../testing/verdict-platform.ts'
import { reviewPath } from './server.ts'
import { admissionSettings } from './settings.ts'

const folder = join(import.meta.dirname, '../../../../deploy/kubernetes')
/** Made by who installs the plain variant; docs/how-to/admission.md says how. */
const made = ['plain/tls.crt', 'plain/tls.key', 'plain/ca-bundle.yaml']

// biome-ignore lint/suspicious/noExplicitAny: what a manifest holds is what the test is about
type Manifest = any

// What the platform runs from is held to the repository in tools/container.test.ts.
const files = globSync('{base,cert-manager,plain}/*.yaml', { cwd: folder })
  .concat(globSync('*.yaml', { cwd: folder }))
  .filter((path) => !made.includes(path))
  .sort()
const manifests: readonly { readonly path: string; readonly manifest: Manifest }[] = files.flatMap((path) =>
  parseAllDocuments(readFileSync(join(folder, path), 'utf8'), { uniqueKeys: true }).map((document) => {
    assert.deepEqual(document.errors, [], path)
    assert.deepEqual(document.warnings, [], path)
    return { path, manifest: document.toJS() as Manifest }
  }),
)

/** The one manifest of a kind and, where there are several, a name. */
function the(kind: string, name?: string): Manifest {
  const found = manifests.filter(
    ({ path, manifest }) =>
      manifest.kind === kind &&
      (name === undefined || manifest.metadata.name === name) &&
      path !== 'cert-manager/inject-ca.yaml',
  )
  assert.equal(found.length, 1, `${kind} ${name ?? ''}`)
  return found[0]!.manifest
}

const deployment = the('Deployment')
const service = the('Service')
const configuration = the('ValidatingWebhookConfiguration')
const [webhook] = configuration.webhooks
const pod = deployment.spec.template.spec
const [container] = pod.containers
const settings = admissionSettings(parseCommandLine(admission, container.args.slice(1)).options)
const { namespace } = deployment.metadata

test('every manifest says what it is, and every one is in a kustomization', () => {
  const listed = new Set<string>()
  for (const { path, manifest } of manifests) {
    assert.ok(manifest.apiVersion && manifest.kind, path)
    if (manifest.kind !== 'Kustomization') {
      assert.ok(manifest.metadata.name, path)
      continue
    }
    const { resources = [], patches = [], secretGenerator = [] } = manifest
    const named = [
      ...resources,
      ...patches.map((patch: { path: string }) => patch.path),
      ...secretGenerator.flatMap((secret: { files: string[] }) => secret.files),
    ] as readonly string[]
    for (const name of named) {
      const file = join(dirname(path), name)
      listed.add(file)
      assert.ok(existsSync(join(folder, file)) || made.includes(file), `${path} names ${name}`)
    }
  }
  const apart = files.filter((path) => !path.endsWith('kustomization.yaml') && !listed.has(path))
  assert.deepEqual(apart, ['client-secret.example.yaml'])
})

test('what Kubernetes is told to send is what is judged: every kind, when it is made and changed', () => {
  const sent = webhook.rules.flatMap((rule: Manifest) => {
    assert.deepEqual(rule.operations, ['CREATE', 'UPDATE'])
    assert.deepEqual(rule.apiVersions, ['v1'])
    return rule.apiGroups.flatMap((group: string) =>
      rule.resources.map((resource: string) => `${group}/${resource}`),
    )
  })
  const judged = workloads.map(({ group, resource }) => `${group}/${resource}`)
  assert.deepEqual(sent.toSorted(), [...judged, `/pods/${ephemeralContainers}`].toSorted())
  assert.deepEqual(
    webhook.admissionReviewVersions.map((version: string) => `admission.k8s.io/${version}`),
    [reviewVersion],
  )
})

test('the webhook is found at the path and port that are served, and waits long enough', async (t) => {
  const { path, port, name, namespace: where } = webhook.clientConfig.service
  assert.equal(path, reviewPath)
  assert.deepEqual([name, where], [service.metadata.name, service.metadata.namespace])
  const [served] = service.spec.ports
  assert.equal(port, served.port)
  assert.equal(served.targetPort, container.ports[0].name)
  assert.equal(container.ports[0].containerPort, settings.listen.port)
  assert.deepEqual(service.spec.selector, deployment.spec.template.metadata.labels)
  assert.ok(webhook.timeoutSeconds * 1000 > settings.timeout)
  assert.ok(pod.terminationGracePeriodSeconds * 1000 > settings.drain + settings.timeout + 1000)
  const running = await startAdmission(t, await verdictPlatform(t))
  for (const probe of [container.startupProbe, container.livenessProbe, container.readinessProbe]) {
    assert.deepEqual([probe.httpGet.scheme, probe.httpGet.port], ['HTTPS', container.ports[0].name])
    assert.equal((await running.ask('GET', probe.httpGet.path)).status, 200)
  }
})

test('nothing is decided beside the answer, and what must be able to start is not asked about', () => {
  assert.equal(webhook.sideEffects, 'None')
  assert.equal(webhook.failurePolicy, 'Fail')
  assert.equal(webhook.matchPolicy, 'Equivalent')
  // Three parts at least: https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/
  assert.match(webhook.name, /^[a-z]+\.[a-z]+\.[a-z]+$/)
  const [expression] = webhook.namespaceSelector.matchExpressions
  assert.deepEqual([expression.key, expression.operator], ['kubernetes.io/metadata.name', 'NotIn'])
  for (const exempt of ['kube-system', namespace]) assert.ok(expression.values.includes(exempt))
})

test('closed in every respect, and what it needs is mounted', () => {
  assert.equal(container.args[0], admission.path)
  assert.deepEqual(settings.gate, { unassessed: 'deny', fail: 'closed', dryRun: false })
  const [mount] = container.volumeMounts
  for (const path of [settings.certificate.certificate, settings.certificate.key])
    assert.equal(dirname(path), mount.mountPath)
  assert.deepEqual([mount.name, mount.readOnly, mount.subPath], [pod.volumes[0].name, true, undefined])
  const { secretName } = pod.volumes[0].secret
  const [plain] = manifests.filter(({ path }) => path === 'plain/kustomization.yaml')
  assert.equal(plain?.manifest.secretGenerator[0].name, secretName)
  const certificate = the('Certificate', 'lanner-admission')
  assert.equal(certificate.spec.secretName, secretName)
  const { name, namespace: where } = service.metadata
  assert.ok(certificate.spec.dnsNames.includes(`${name}.${where}.svc`))
  const [inject] = manifests.filter(({ path }) => path === 'cert-manager/inject-ca.yaml')
  assert.equal(inject?.manifest.metadata.name, configuration.metadata.name)
  assert.equal(
    inject?.manifest.metadata.annotations['cert-manager.io/inject-ca-from'],
    `${certificate.metadata.namespace}/${certificate.metadata.name}`,
  )
  const secret = the('Secret')
  assert.deepEqual(Object.keys(secret.stringData), ['LANNER_CLIENT_ID', 'LANNER_CLIENT_SECRET'])
  assert.deepEqual(
    container.envFrom.map((from: Manifest) => (from.configMapRef ?? from.secretRef).name),
    ['lanner-admission', secret.metadata.name],
  )
})

test('the process may do nothing but listen and ask', () => {
  assert.equal(pod.securityContext.runAsNonRoot, true)
  assert.deepEqual(container.securityContext, {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  })
  assert.equal(pod.automountServiceAccountToken, false)
  assert.equal(the('ServiceAccount').metadata.name, pod.serviceAccountName)
  assert.ok(container.resources.requests.cpu && container.resources.limits.memory)
  const policy = the('NetworkPolicy').spec
  assert.deepEqual(policy.podSelector.matchLabels, deployment.spec.template.metadata.labels)
  assert.deepEqual(policy.policyTypes, ['Ingress', 'Egress'])
  assert.deepEqual(policy.ingress, [{ ports: [{ protocol: 'TCP', port: settings.listen.port }] }])
})

test('one of it is always there, and everything lies in its namespace', () => {
  const budget = the('PodDisruptionBudget').spec
  assert.ok(deployment.spec.replicas > budget.minAvailable)
  assert.deepEqual(budget.selector, deployment.spec.selector)
  assert.deepEqual(deployment.spec.selector.matchLabels, deployment.spec.template.metadata.labels)
  assert.equal(deployment.spec.strategy.rollingUpdate.maxUnavailable, 0)
  assert.equal(the('Namespace').metadata.name, namespace)
  for (const { path, manifest } of manifests)
    if (!['Namespace', 'Kustomization', 'ValidatingWebhookConfiguration'].includes(manifest.kind))
      assert.equal(manifest.metadata.namespace, namespace, path)
})
