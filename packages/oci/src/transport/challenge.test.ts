import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseChallenges } from './challenge.ts'

type Expected = readonly (readonly [string, Readonly<Record<string, string>>])[]

// The first ones are from RFC 9110 section 11.6.1 and the distribution token specification.
const cases: readonly (readonly [string, Expected])[] = [
  [
    'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
    [
      ['basic', { realm: 'simple' }],
      ['newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }],
    ],
  ],
  [
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:samalba/my-app:pull,push"',
    [
      [
        'bearer',
        {
          realm: 'https://auth.docker.io/token',
          service: 'registry.docker.io',
          scope: 'repository:samalba/my-app:pull,push',
        },
      ],
    ],
  ],
  [
    'Negotiate, Basic realm=x',
    [
      ['negotiate', {}],
      ['basic', { realm: 'x' }],
    ],
  ],
  [
    'Negotiate YWJj, Basic realm=x',
    [
      ['negotiate', {}],
      ['basic', { realm: 'x' }],
    ],
  ],
  [
    'Negotiate YWJj==, Basic realm=x',
    [
      ['negotiate', {}],
      ['basic', { realm: 'x' }],
    ],
  ],
  [
    'Negotiate YWI=, Basic realm=x',
    [
      ['negotiate', {}],
      ['basic', { realm: 'x' }],
    ],
  ],
  ['BEARER REALM = "a" , , Service="b"', [['bearer', { realm: 'a', service: 'b' }]]],
  ['Basic', [['basic', {}]]],
  [', ,Basic realm="a"', [['basic', { realm: 'a' }]]],
  ['Bearer realm="a",realm="b"', [['bearer', { realm: 'a' }]]],
  ['Bearer realm="unfinished', [['bearer', {}]]],
  [
    'Bearer realm="a",__proto__="b"',
    [
      [
        'bearer',
        Object.fromEntries([
          ['realm', 'a'],
          ['__proto__', 'b'],
        ]),
      ],
    ],
  ],
  ['', []],
  ['"', []],
  ['=', []],
]

for (const [header, expected] of cases) {
  test(`reads ${header || 'an empty header'}`, () => {
    const read = parseChallenges(header).map(({ scheme, parameters }) => [
      scheme,
      Object.fromEntries(parameters),
    ])
    assert.deepEqual(read, expected)
  })
}

test('ends on any garbage, and soon', () => {
  for (const header of [
    'a '.repeat(50_000),
    ','.repeat(100_000),
    'a="'.repeat(30_000),
    'a=b,'.repeat(30_000),
  ]) {
    assert.ok(parseChallenges(header).length <= 16)
  }
})
