import assert from 'node:assert/strict'
import { test } from 'node:test'
import { admissionLimits } from './limits.ts'
import { type AskedImage, questionOf } from './question.ts'
import { judgedReview } from './response.ts'
import { type AdmissionRequest, readReview } from './review.ts'
import { type Gate, type ImageVerdict, judgeImage } from './verdict.ts'

const gate: Gate = { unassessed: 'deny', fail: 'closed', dryRun: false }
const digest = `sha256:${'d1'.repeat(32)}`
const unjudged = { exemptNamespaces: new Set<string>(), judgeUnchanged: false, trustControllers: false }

function request(object: unknown, more: Partial<AdmissionRequest> = {}): AdmissionRequest {
  return {
    uid: 'u1',
    kind: { group: '', version: 'v1', kind: 'Pod' },
    subResource: '',
    name: 'p',
    namespace: 'n',
    operation: 'CREATE',
    user: 'alice',
    object,
    oldObject: null,
    ...more,
  }
}

function podOf(images: readonly string[]): unknown {
  return { spec: { containers: images.map((image, index) => ({ name: `c${index}`, image })) } }
}

function askedOf(images: readonly string[]): readonly AskedImage[] {
  const question = questionOf(request(podOf(images)), unjudged)
  return question.kind === 'images' ? question.images : assert.fail(JSON.stringify(question))
}

const blocked: ImageVerdict = {
  state: 'assessed',
  reason: '',
  digest,
  action: 'block',
  policy: 'Production',
  rules: ['rule 1 (severity gte "high")'],
  findings: [
    { vulnerability: 'CVE-2024-1', severity: 'critical', package: 'a 1', fixedVersion: '2' },
    { vulnerability: 'CVE-2024-2', severity: 'high', package: 'b 1' },
  ],
  others: [],
  matched: 2,
}

function denial(images: readonly string[], verdict: ImageVerdict = blocked): string {
  const judged = askedOf(images).map((image) => judgeImage(image, { kind: 'verdict', verdict }, gate))
  const { decision, answer } = judgedReview(request({}), judged, gate)
  assert.equal(decision, 'denied')
  assert.equal(answer.response.allowed, false)
  return answer.response.status?.message ?? ''
}

test('a denial stays within its bound, however much there is to say', () => {
  const long = 'x'.repeat(5000)
  const wordy: ImageVerdict = {
    ...blocked,
    policy: long,
    group: long,
    rules: [long, long, long],
    findings: [1, 2, 3].map(() => ({
      vulnerability: long,
      severity: 'critical',
      package: long,
      fixedVersion: long,
    })),
    matched: 3,
  }
  for (const count of [1, 2, 3, 10, 250]) {
    const names = Array.from({ length: count }, (_, index) => `${'r'.repeat(200)}/a${index}:1`)
    for (const verdict of [blocked, wordy]) {
      const message = denial(names, verdict)
      assert.ok(message.length <= admissionLimits.message, `${count}: ${message.length}`)
      assert.ok(message.startsWith('image rrr'))
    }
  }
})

test('what does not fit is counted', () => {
  const names = Array.from({ length: 40 }, (_, index) => `shop/app${index}:1`)
  const lines = denial(names).split('\n')
  const heads = lines.filter((line) => line.startsWith('image '))
  const rest = lines.at(-1) ?? ''
  const left = Number(/^(?<left>\d+) more images are denied: shop\/app/.exec(rest)?.groups?.['left'])
  assert.ok(heads.length >= 2, lines.join('\n'))
  assert.equal(heads.length + left, 40)
})

test('what a policy denies is told before what could not be asked', () => {
  const [first, second, third] = askedOf(['a:1', 'b:1', 'c:1'])
  const judged = [
    judgeImage(first!, { kind: 'unanswered', problem: 'it is away' }, gate),
    judgeImage(second!, { kind: 'verdict', verdict: { ...blocked, action: 'allow' } }, gate),
    judgeImage(third!, { kind: 'verdict', verdict: blocked }, gate),
  ]
  const { status } = judgedReview(request({}), judged, gate).answer.response
  assert.deepEqual([status?.code, status?.reason], [403, 'Forbidden'])
  assert.match(
    status?.message ?? '',
    /^image c:1 of container "c2" is denied.*\nimage a:1 of container "c0" could not/s,
  )
})

test('an answer that is older says how old it is', () => {
  const [image] = askedOf(['a:1'])
  const judged = judgeImage(image!, { kind: 'verdict', verdict: blocked, age: 12 }, gate)
  const { answer } = judgedReview(request({}), [judged], gate)
  assert.match(
    answer.response.status?.message ?? '',
    /^ {2}as of 12 s ago; the platform cannot be asked now$/m,
  )
})

test('no text of an advisory or a policy reaches a terminal as it is', () => {
  const evil = '\u001b[2J\u202egnp\r\nWarning: all is well\u0007'
  const verdict: ImageVerdict = {
    ...blocked,
    policy: evil,
    rules: [evil],
    findings: [{ vulnerability: evil, severity: evil, package: evil, fixedVersion: evil }],
    others: [evil],
  }
  const judged = askedOf(['a:1']).map((image) => judgeImage(image, { kind: 'verdict', verdict }, gate))
  for (const dryRun of [true, false]) {
    const { response } = judgedReview(request({}), judged, { ...gate, dryRun }).answer
    const texts = [
      ...(response.status?.message.split('\n') ?? []),
      ...(response.warnings ?? []),
      ...Object.values(response.auditAnnotations ?? {}),
    ]
    for (const text of texts) assert.doesNotMatch(text, /[\u0000-\u001f\u007f\u202e]/)
    assert.ok(!texts.some((text) => text.startsWith('Warning:')))
  }
})

test('warnings are bounded, each and all', () => {
  const names = Array.from({ length: 50 }, (_, index) => `${'r'.repeat(200)}/a${index}:1`)
  const judged = askedOf(names).map((image) =>
    judgeImage(image, { kind: 'verdict', verdict: { ...blocked, action: 'alert' } }, gate),
  )
  const { answer, decision } = judgedReview(request({}), judged, gate)
  assert.equal(decision, 'allowed')
  const warnings = answer.response.warnings ?? []
  assert.equal(warnings.length, admissionLimits.warnings)
  assert.equal(warnings.at(-1), 'and 41 more warnings')
  for (const warning of warnings) assert.ok(warning.length <= admissionLimits.warning)
  for (const note of Object.values(answer.response.auditAnnotations ?? {}))
    assert.ok(note.length <= admissionLimits.annotation)
})

test('an object with more images than are judged is denied, not judged in part', () => {
  const many = Array.from({ length: admissionLimits.images + 1 }, (_, index) => `a${index}:1`)
  assert.deepEqual(questionOf(request(podOf(many)), unjudged), {
    kind: 'unreadable',
    problem: 'the object names 251 images; at most 250 are judged',
  })
  assert.equal(questionOf(request(podOf(many.slice(1))), unjudged).kind, 'images')
})

test('whatever the object is, there is a question or a reason for none', () => {
  const shapes: readonly unknown[] = [
    null,
    1,
    'x',
    [],
    {},
    { spec: null },
    { spec: [] },
    { spec: { containers: null } },
    { spec: { containers: 'x' } },
    { spec: { containers: [null] } },
    { spec: { containers: [{ image: 1 }] } },
    { spec: { containers: [[]] } },
    { spec: { initContainers: {} } },
    { spec: { volumes: 'x' } },
    { spec: { volumes: [null] } },
    { spec: { volumes: [{ image: { reference: 1 } }] } },
    { spec: { volumes: [{ image: 'x' }] } },
    JSON.parse('{"__proto__": {"spec": {"containers": [{"image": "a"}]}}}'),
  ]
  for (const object of shapes) {
    const { kind } = questionOf(request(object), unjudged)
    const empty = JSON.stringify(object) === '{"spec":{"containers":null}}'
    assert.equal(kind, empty ? 'pass' : 'unreadable', JSON.stringify(object))
  }
  // An old object that cannot be read spares nothing.
  const update = request(podOf(['a:1']), { operation: 'UPDATE', oldObject: { spec: 'x' } })
  assert.equal(questionOf(update, unjudged).kind, 'images')
})

test('a review is only one of v1, with what an answer needs', () => {
  const good = {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { uid: 'u', operation: 'CREATE', kind: { group: '', version: 'v1', kind: 'Pod' } },
  }
  assert.equal(readReview(good).uid, 'u')
  for (const [document, code] of [
    [undefined, 'malformed'],
    ['x', 'malformed'],
    [[good], 'malformed'],
    [{ ...good, apiVersion: 'admission.k8s.io/v2' }, 'unsupported-version'],
    [{ ...good, apiVersion: 1 }, 'unsupported-version'],
    [{ ...good, kind: undefined }, 'malformed'],
    [{ ...good, request: [] }, 'malformed'],
    [{ ...good, request: { ...good.request, uid: 1 } }, 'malformed'],
    [{ ...good, request: { ...good.request, uid: 'u'.repeat(2000) } }, 'malformed'],
    [{ ...good, request: { ...good.request, namespace: {} } }, 'malformed'],
    [{ ...good, request: { ...good.request, userInfo: { username: [] } } }, 'malformed'],
  ] as const)
    assert.throws(() => readReview(document), { name: 'AdmissionFault', code })
})
