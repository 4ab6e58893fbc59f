import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PolicyFileFault, parsePolicyFile } from './policy-file.ts'

const read = (text: string | Uint8Array) =>
  parsePolicyFile(typeof text === 'string' ? Buffer.from(text) : text, 'policies.yaml')

const written = `# Who may run what
version: 1
policies:
  - name: Production
    description:
    rules:
      - action: block
        conditions: &worse
          - { prop: severity, op: gte, value: high }
          - prop: tag
            value: [1.10, 1.8, '1.20', 007, 1e3]
  - name: Staging
    rules:
      - { action: alert, conditions: *worse }
exclusions:
  - prop: cvss_score
    op: lt
    value: 7.0
    ttl: 60.0
    scope: { tag: 1.0, "digest": [sha256:00] }
    expires: 2027-01-31
groups:
`

test('YAML becomes the document: what says nothing is left out, a tag stays as it is written', () => {
  const { document } = read(written)
  const conditions = [
    { prop: 'severity', op: 'gte', value: 'high' },
    { prop: 'tag', value: ['1.10', 1.8, '1.20', '007', '1e3'] },
  ]
  assert.deepEqual(document, {
    version: 1,
    policies: [
      { name: 'Production', rules: [{ action: 'block', conditions }] },
      { name: 'Staging', rules: [{ action: 'alert', conditions }] },
    ],
    exclusions: [
      {
        prop: 'cvss_score',
        op: 'lt',
        value: '7.0',
        ttl: 60,
        scope: { tag: '1.0', digest: ['sha256:00'] },
        expires: '2027-01-31',
      },
    ],
  })
})

test('JSON is read too, indented by tabs as well', () => {
  const document = { version: 1, policies: [{ name: 'a\tb"', rules: [], enabled: false }] }
  for (const indent of [0, 2, '\t'])
    assert.deepEqual(read(JSON.stringify(document, undefined, indent)).document, document)
})

test('no word of older YAML means something else: yes and no are text, << is a member like any other', () => {
  const { document } = read('%YAML 1.1\n---\npolicies: [{ name: no, <<: { description: 0o7 } }]\n')
  assert.deepEqual(document, { policies: [{ name: 'no', '<<': { description: 7 } }] })
})

test('an alias is of the last anchor of its name before it', () => {
  const { document } = read('a: &outer [&x one]\nb: &x two\nc: *outer\nd: *x\n')
  assert.deepEqual(document, { a: ['one'], b: 'two', c: ['one'], d: 'two' })
})

const places: readonly (readonly [message: string, says: string])[] = [
  ['version: 2 is not known', 'policies.yaml:2:1: version: 2 is not known'],
  ['policies[1]: name: x', 'policies.yaml:12:5: policies[1]: name: x'],
  ['policies[0].rules[0].conditions[1]: no', 'policies.yaml:10:13: policies[0].rules[0].conditions[1]: no'],
  // Through the alias, where the condition really stands.
  ['policies[1].rules[0].conditions[0]: no', 'policies.yaml:9:13: policies[1].rules[0].conditions[0]: no'],
  ['exclusions[0].expires: over', 'policies.yaml:21:5: exclusions[0].expires: over'],
  ['exclusions[0]["ttl"]: over', 'policies.yaml:19:5: exclusions[0]["ttl"]: over'],
  // Absent members: the nearest that is there.
  ['exclusions[0].and[1].prop: x', 'policies.yaml:16:5: exclusions[0].and[1].prop: x'],
  ['policies[7]: x', 'policies.yaml:3:1: policies[7]: x'],
  ['document.policies[0].name: must be string', 'policies.yaml:4:5: policies[0].name: must be string'],
  ['the document: a list is no object', 'policies.yaml: the document: a list is no object'],
  ['something else is wrong', 'policies.yaml: something else is wrong'],
]

for (const [message, says] of places)
  test(`${message}: where it stands`, () => assert.equal(read(written).located(message), says))

const bomb = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
  ...Array.from(
    { length: 9 },
    (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index}, `.repeat(9)}*a${index}]`,
  ),
].join('\n')

const wrong: readonly (readonly [name: string, text: string | Uint8Array, says: RegExp])[] = [
  ['an empty file', '', /^policies\.yaml: is empty$/],
  ['comments alone', '# nothing\n', /^policies\.yaml: is empty$/],
  ['no UTF-8', Buffer.from([0x61, 0x3a, 0xff]), /^policies\.yaml: this is no text in UTF-8$/],
  [
    'a member twice',
    'version: 1\npolicies: []\nversion: 1\n',
    /^policies\.yaml:3:1: Map keys must be unique/,
  ],
  ['an open bracket', 'policies: [\n  { name: x\n', /^policies\.yaml:3:1: /],
  ['indentation by tabs', 'policies:\n\t- name: x\n', /^policies\.yaml:2:1: Tabs are not allowed/],
  ['two documents', 'version: 1\n---\nversion: 1\n', /^policies\.yaml:2:1: .*a second document/],
  [
    'a tag of some program',
    'policies: !!python/object:os.system x\n',
    /^policies\.yaml:1:11: Unresolved tag/,
  ],
  ['an old tag', 'policies: !!set {a}\n', /^policies\.yaml:1:11: /],
  ['an alias of nothing', 'policies: *none\n', /^policies\.yaml:1:11: .*anchor/i],
  [
    'a name for a prototype',
    'policies:\n  - __proto__: {}\n',
    /^policies\.yaml:2:5: this member is not known$/,
  ],
  ['a list as a name', '? [a]\n: b\n', /^policies\.yaml:1:3: /],
  ['aliases of aliases of aliases', bomb, /^policies\.yaml:\d+:\d+: there are more than 1000000 values/],
  ['an alias of what it stands in', 'policies: &a [*a]\n', /^policies\.yaml:1:1[1-5]: nests deeper than 32/],
  ['brackets in brackets', `policies: ${'['.repeat(40)}${']'.repeat(40)}`, /nests deeper than 32 levels$/],
  ['very many brackets', '['.repeat(1_000_000), /nests deeper than 32 levels$/],
  ['very many dashes', '- '.repeat(200_000), /nests deeper than 32 levels$/],
]

for (const [name, text, says] of wrong)
  test(`refused: ${name}`, () => {
    assert.throws(
      () => read(text),
      (fault) => {
        assert.ok(fault instanceof PolicyFileFault, String(fault))
        assert.match(fault.message, says)
        return true
      },
    )
  })
