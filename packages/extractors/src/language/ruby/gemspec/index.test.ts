import assert from 'node:assert/strict'
import { test } from 'node:test'
import { observe } from '../../observe.fixture.ts'
import { rubyGemspec } from './index.ts'

const path = 'usr/lib/ruby/gems/3.1.0/specifications/rake-13.0.3.gemspec'

function gemspec(...lines: string[]): string {
  return `# -*- encoding: utf-8 -*-\n\nGem::Specification.new do |s|\n${lines.map((line) => `  ${line}\n`).join('')}end\n`
}

test('what RubyGems writes', () => {
  const content = gemspec(
    's.name = "nokogiri".freeze',
    's.version = "1.13.10"',
    's.platform = "x86_64-linux".freeze',
    's.description = "Ruby text with s.name = \\"other\\" in it".freeze',
    's.licenses = ["MIT".freeze, "Ruby".freeze]',
  )
  assert.deepEqual(observe(rubyGemspec, path, content).packages, [
    {
      kind: 'package',
      type: 'gem',
      name: 'nokogiri',
      version: '1.13.10',
      licenses: ['MIT', 'Ruby'],
      qualifiers: { platform: 'x86_64-linux' },
      confidence: 'declared',
    },
  ])
})

const literals: [lines: string[], expected: string[]][] = [
  [["s.name = 'a'", "s.version = '1.0'"], ['a 1.0']],
  [['s.name = %q{a}', 's.version = Gem::Version.new("1.0")'], ['a 1.0']],
  [['s.name = "a".freeze # the name', 's.version = "1.0.beta2"'], ['a 1.0.beta2']],
  [['s.version = "1.0"', 's.name = "a"', 's.name = "b"'], ['a 1.0']],
  // Computed values are not evaluated: the file's name stands in.
  [['s.name = "a"', 's.version = A::VERSION'], ['rake 13.0.3']],
  [['s.name = "a-#{`id`}"', 's.version = "1.0"'], ['rake 13.0.3']],
  [['s.name = "a" + "b"', 's.version = "1.0"'], ['rake 13.0.3']],
  [['spec.name = "a"', 'spec.version = "1.0"'], ['rake 13.0.3']],
]

test('literals, and nothing but literals', () => {
  for (const [lines, expected] of literals) {
    const found = observe(rubyGemspec, path, gemspec(...lines))
    assert.deepEqual(found.names, expected, lines.join('; '))
    assert.equal(found.packages[0].confidence, expected[0] === 'rake 13.0.3' ? 'inferred' : 'declared')
  }
})

test('the stub line alone suffices', () => {
  const found = observe(rubyGemspec, path, '# -*- encoding: utf-8 -*-\n# stub: json 2.6.3 java lib\n')
  assert.deepEqual(found.names, ['json 2.6.3'])
  assert.deepEqual(found.packages[0].qualifiers, { platform: 'java' })
})

test('names of files', () => {
  const names: [file: string, expected: string[]][] = [
    ['net-http-persistent-4.0.1.gemspec', ['net-http-persistent 4.0.1']],
    ['nokogiri-1.13.10-x86_64-linux.gemspec', ['nokogiri 1.13.10']],
    ['a-1.0.pre.2.gemspec', ['a 1.0.pre.2']],
    ['noversion.gemspec', []],
    [`${'a-'.repeat(100_000)}.gemspec`, []],
  ]
  for (const [file, expected] of names) {
    assert.deepEqual(observe(rubyGemspec, `specifications/${file}`, 'x').names, expected, file.slice(0, 60))
  }
})

test('malformed, truncated and hostile files', () => {
  const nameless = 'specifications/default/x.gemspec'
  const whole = gemspec('s.name = "a".freeze', 's.version = "1.0"')
  const hostile = [
    '',
    whole.slice(0, 70),
    '\0'.repeat(10_000),
    gemspec('s.name = "__proto__"'),
    gemspec('s.name = "a/../b"', 's.version = "1"'),
    gemspec(`s.name = ${'"a", '.repeat(100_000)}`),
    `Gem::Specification.new${' '.repeat(500_000)}`,
    `${' '.repeat(500_000)}s.name`,
  ]
  for (const content of hostile) {
    assert.deepEqual(observe(rubyGemspec, nameless, content).problems, ['malformed'], content.slice(0, 60))
  }
  assert.deepEqual(observe(rubyGemspec, nameless, gemspec('s.name = "__proto__"', 's.version = "1"')).names, [
    '__proto__ 1',
  ])
})
