import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cleanPath } from './path.ts'

const cases: readonly (readonly [raw: string, clean: string | undefined])[] = [
  ['etc/passwd', 'etc/passwd'],
  ['./etc/passwd', 'etc/passwd'],
  ['/etc/passwd', 'etc/passwd'],
  ['//etc///passwd', 'etc/passwd'],
  ['etc/', 'etc'],
  ['.', ''],
  ['./', ''],
  ['/', ''],
  ['', ''],
  ['a/./b/../c', 'a/c'],
  ['a/..', ''],
  ['.wh.a', '.wh.a'],
  ['a/.wh..wh..opq', 'a/.wh..wh..opq'],
  ['..a/b..', '..a/b..'],
  ['...', '...'],
  ['a\\..\\b', 'a\\..\\b'],
  ['..', undefined],
  ['../../evil', undefined],
  ['a/../../evil2', undefined],
  ['/../etc/passwd', undefined],
  ['a\0b', undefined],
  ['./a\0', undefined],
  ['x'.repeat(4096), 'x'.repeat(4096)],
  ['x'.repeat(4097), undefined],
]

for (const [raw, clean] of cases) {
  const title = raw.length > 40 ? `${raw.length} characters` : JSON.stringify(raw)
  test(`${title} is ${clean === undefined ? 'refused' : JSON.stringify(clean.slice(0, 40))}`, () => {
    assert.equal(cleanPath(raw), clean)
  })
}
