import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Command, distance, helpText, parseCommandLine } from './command.ts'
import { commands, findCommand } from './commands.ts'
import { UsageError } from './exit.ts'
import { overview } from './main.ts'

const command: Command = {
  path: 'try',
  summary: 'Try something.',
  usage: 'try [OPTIONS] THING',
  description: ['A paragraph.'],
  options: {
    level: { type: 'string', choices: ['high', 'low'], multiple: true, help: 'How much.' },
    format: {
      type: 'string',
      short: 'f',
      choices: ['table', 'json'],
      default: 'table',
      help: 'How written.',
    },
    output: { type: 'string', short: 'o', value: 'FILE', help: 'Where to.' },
    quiet: { type: 'boolean', short: 'q', help: 'Say nothing.' },
  },
  examples: [['try --level high x', 'A lot.']],
  run: async () => 0,
}

const parse = (...args: readonly string[]) => parseCommandLine(command, args)

test('options, shorts, repeated and comma-separated values, and what follows --', () => {
  const { positionals, options } = parse('a', '--level', 'high', '--level=low,high', '-qo', 'x', '--', '--b')
  assert.deepEqual(positionals, ['a', '--b'])
  assert.deepEqual(options.list('level'), ['high', 'low', 'high'])
  assert.equal(options.flag('quiet'), true)
  assert.equal(options.text('output'), 'x')
  assert.equal(options.text('format'), 'table')
})

test('what was not given is neither empty nor on', () => {
  const { options } = parse()
  assert.deepEqual(
    [options.list('level'), options.flag('quiet'), options.text('output')],
    [[], false, undefined],
  )
  assert.deepEqual([options.given('level'), options.given('format')], [false, true])
})

const refusals: readonly (readonly [args: readonly string[], says: RegExp])[] = [
  [['--level', 'medium'], /^--level medium: one of high, low$/],
  [['--level', 'high,medium'], /^--level medium: one of high, low$/],
  [['--level', 'HIGH'], /^--level HIGH: one of high, low$/],
  // `--level "$LEVEL"` with a variable that is not set must not pass for no option.
  [['--level', ''], /^--level needs a value$/],
  [['--level='], /^--level needs a value$/],
  [['--level', ' , '], /^--level needs a value$/],
  [['--output', ''], /^--output needs a value$/],
  [['--format', ''], /^--format needs a value$/],
  // Not a list: both are known, but not together.
  [['--format', 'table,json'], /^--format table,json: one of table, json$/],
  [['--quiet=yes'], /--quiet/],
  [['--output'], /--output/],
  [['--levl', 'high'], /'--levl'.*did you mean --level\?/],
  [['--__proto__'], /__proto__/],
  [['--constructor'], /constructor/],
  [['-z'], /-z/],
]

for (const [args, says] of refusals) {
  test(`${JSON.stringify(args)} is refused`, () => {
    assert.throws(
      () => parse(...args),
      (error) => error instanceof UsageError && error.command === 'try' && says.test(error.message),
    )
  })
}

test('a command of two words comes before one of one; unknown words are none', () => {
  assert.equal(findCommand(['advisories', 'import', 'x'])?.entry.path, 'advisories import')
  assert.deepEqual(findCommand(['advisories', 'import', 'x'])?.rest, ['x'])
  assert.equal(findCommand(['scan', 'import'])?.entry.path, 'scan')
  for (const words of [[], ['advisories'], ['scam'], ['constructor'], ['scan import']])
    assert.equal(findCommand(words), undefined, words.join(' '))
})

test('the distance of words', () => {
  assert.deepEqual(
    [
      distance('', ''),
      distance('a', ''),
      distance('scan', 'scan'),
      distance('scan', 'scam'),
      distance('kitten', 'sitting'),
    ],
    [0, 1, 0, 1, 3],
  )
})

test('help names every option with its choices and default, and fits in 100 columns', () => {
  const text = helpText(command)
  for (const part of [
    'Usage: lanner try [OPTIONS] THING',
    '-f, --format',
    '--output FILE',
    'One of table, json.',
    'Default: table.',
    '-h, --help',
    'lanner try --level high x',
  ])
    assert.ok(text.includes(part), part)
  for (const line of text.split('\n')) assert.ok(line.length <= 100, line)
})

for (const entry of commands) {
  test(`${entry.path}: its file, its help and its overview line belong together`, async () => {
    const loaded = await entry.load()
    assert.equal(loaded.path, entry.path)
    assert.ok(loaded.usage.startsWith(entry.path))
    assert.ok(overview('1.2.3').includes(entry.summary))
    const shorts = Object.values(loaded.options).flatMap(({ short }) => short ?? [])
    assert.equal(new Set(shorts).size, shorts.length, 'no short is given twice')
    for (const [line] of loaded.examples) {
      const found = findCommand(line.split(' '))
      assert.equal(found?.entry.path, entry.path, line)
      assert.doesNotThrow(() => parseCommandLine(loaded, found?.rest ?? []), line)
    }
  })
}
