import assert from 'node:assert/strict'
import { test } from 'node:test'
import { temporaryFolder, zip } from '../testing/bucket.ts'
import { ZipArchive } from './zip.ts'

test('stored and deflated entries, and a comment that looks like an end', () => {
  using folder = temporaryFolder()
  const archive = zip([
    { name: 'a.json', content: Buffer.from('alpha') },
    { name: 'b.json', content: Buffer.from('beta'), stored: true },
  ])
  const comment = Buffer.from('PK\x05\x06 and so on')
  archive.writeUInt16LE(comment.length, archive.length - 2)
  using opened = new ZipArchive(folder.write('all.zip', Buffer.concat([archive, comment])))
  assert.deepEqual(
    [...opened.entries()].map((entry) => [entry.name, opened.read(entry).toString()]),
    [
      ['a.json', 'alpha'],
      ['b.json', 'beta'],
    ],
  )
})

test('any archive cut anywhere, or with any byte changed, ends in an error or in the content', () => {
  using folder = temporaryFolder()
  const whole = zip([
    { name: 'a.json', content: Buffer.from('alpha'.repeat(20)) },
    { name: 'b.json', content: Buffer.from('beta') },
  ])
  const read = (content: Buffer): string[] => {
    using opened = new ZipArchive(folder.write('all.zip', content))
    return [...opened.entries()].map((entry) => opened.read(entry).toString())
  }
  const expected = ['alpha'.repeat(20), 'beta']
  assert.deepEqual(read(whole), expected)
  for (let length = 0; length < whole.length; length++)
    assert.throws(() => read(whole.subarray(0, length)), Error)
  for (let at = 0; at < whole.length; at++) {
    const damaged = Buffer.from(whole)
    damaged[at] ^= 0xff
    let found: string[]
    try {
      found = read(damaged)
    } catch (error) {
      assert.ok(error instanceof Error)
      continue
    }
    for (const content of found) assert.ok(expected.includes(content), `byte ${at}`)
  }
})

test('an entry that inflates to more than it says is stopped', () => {
  using folder = temporaryFolder()
  using opened = new ZipArchive(
    folder.write('all.zip', zip([{ name: 'bomb.json', content: Buffer.alloc(10 << 20), size: 100 }])),
  )
  const [entry] = opened.entries()
  assert.throws(() => opened.read(entry))
})
