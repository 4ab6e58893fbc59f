import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type StandingWord, StandingWords, spares } from './vex-standing.ts'

const digest = (letter: string) => ({ digest: [`sha256:${letter.repeat(64)}`] })
const word = (more: Partial<StandingWord> = {}): StandingWord => ({
  document: 'own',
  vulnerability: 'CVE-1',
  image: null,
  package: 'pkg:npm/lodash',
  status: 'not_affected',
  at: 1,
  ...more,
})

// What is said later, first; and whether the earlier word that something is spared still stands.
for (const [what, earlier, later, stands] of [
  ['the same', {}, {}, false],
  ['one version of any', {}, { package: 'pkg:npm/lodash@4.17.4' }, false],
  ['any version of one', { package: 'pkg:npm/lodash@4.17.4' }, {}, false],
  ['another version', { package: 'pkg:npm/lodash@4.17.4' }, { package: 'pkg:npm/lodash@4.17.5' }, true],
  ['another package', {}, { package: 'pkg:npm/lodash-es' }, true],
  ['every package', {}, { package: '' }, false],
  ['one package of all', { package: '' }, {}, false],
  ['one image of all', {}, { image: digest('a') }, false],
  ['another image', { image: digest('a') }, { image: digest('b') }, true],
  ['a name, where a digest was meant', { image: digest('a') }, { image: { repository: ['x'] } }, false],
  [
    'another tag',
    { image: { repository: ['x'], tag: ['1'] } },
    { image: { repository: ['x'], tag: ['2'] } },
    true,
  ],
  ['all tags', { image: { repository: ['x'], tag: ['1'] } }, { image: { repository: ['x'] } }, false],
  ['another repository', { image: { repository: ['x'] } }, { image: { repository: ['y'] } }, true],
  ['another vulnerability', {}, { vulnerability: 'CVE-2' }, true],
] as const)
  test(`affected for ${what} ${stands ? 'leaves' : 'ends'} what was spared, in either order`, () => {
    const spared = word({ document: 'other', ...earlier })
    const affected = word({ ...later, status: 'affected', at: 2 })
    const first = new StandingWords('own', [spared])
    assert.equal(first.take(affected), undefined)
    assert.deepEqual(first.ended, stands ? [] : [spared])
    const second = new StandingWords('own', [{ ...affected, document: 'other' }])
    assert.equal(second.take({ ...spared, document: 'own' }) === undefined, stands)
  })

test('two documents may spare the same; the later is the one that counts', () => {
  const other = word({ document: 'other', at: 1 })
  const standing = new StandingWords('own', [other])
  assert.equal(standing.take(word({ at: 2 })), undefined)
  assert.deepEqual(standing.ended, [other])
  assert.deepEqual(standing.own(), [word({ at: 2 })])
  assert.deepEqual(new StandingWords('own', [word({ document: 'other', at: 3 })]).take(word({ at: 2 })), {
    ...other,
    at: 3,
  })
})

const anyWord = fc.record({
  document: fc.constant('own'),
  vulnerability: fc.constantFrom('CVE-1', 'CVE-2'),
  image: fc.constantFrom(null, digest('a'), digest('b'), { repository: ['x'] }),
  package: fc.constantFrom('', 'pkg:npm/a', 'pkg:npm/a@1', 'pkg:npm/a@2', 'pkg:npm/b'),
  status: fc.constantFrom('not_affected', 'affected', 'fixed', 'under_investigation'),
  at: fc.integer({ min: 1, max: 4 }),
})

test('nothing stays spared beside a later word on the very same that spares nothing, whatever the order', () => {
  fc.assert(
    fc.property(fc.array(anyWord, { maxLength: 12 }), (words) => {
      const standing = new StandingWords('own', [])
      for (const each of words) standing.take(each)
      const left = standing.own()
      for (const against of words.filter(({ status }) => !spares(status)))
        assert.ok(
          !left.some(
            (each) =>
              spares(each.status) &&
              each.vulnerability === against.vulnerability &&
              each.package === against.package &&
              JSON.stringify(each.image) === JSON.stringify(against.image) &&
              each.at < against.at,
          ),
        )
    }),
  )
})
