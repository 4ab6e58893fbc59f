import assert from 'node:assert/strict'
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { test } from 'node:test'
import { temporaryFolder } from '@lanner/testkit'
import { FakeTerminal } from '../testing/terminal.ts'
import { openOutput, print } from './write.ts'

async function write(path: string, text: string): Promise<void> {
  const output = await openOutput(path, new FakeTerminal())
  try {
    await output.write(text)
  } finally {
    await output.close()
  }
}

test('without a file, or with -, results go to standard output', async () => {
  for (const path of [undefined, '-']) {
    const terminal = new FakeTerminal()
    const output = await openOutput(path, terminal)
    await output.write('text')
    await output.close()
    assert.equal(terminal.output, 'text')
  }
})

test('a file appears whole, replaces another, and nothing else is left', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'out.json')
  await write(path, 'one')
  await write(path, 'two')
  assert.equal(await readFile(path, 'utf8'), 'two')
  assert.deepEqual(await readdir(folder.path), ['out.json'])
})

test('nothing appears, and the old file stays, where nothing was written', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'out.json')
  await writeFile(path, 'old')
  const output = await openOutput(path, new FakeTerminal())
  await output.close()
  assert.equal(await readFile(path, 'utf8'), 'old')
  assert.deepEqual(await readdir(folder.path), ['out.json'])
})

test('who might read the old file, and nobody else, may read the new one', async () => {
  await using folder = await temporaryFolder()
  const path = join(folder.path, 'out.json')
  await writeFile(path, 'old', { mode: 0o600 })
  await write(path, 'new')
  assert.equal((await stat(path)).mode & 0o777, 0o600)
})

test('a link stays one, and what it leads to is replaced', async () => {
  await using folder = await temporaryFolder()
  const [path, link] = [join(folder.path, 'real'), join(folder.path, 'link')]
  await writeFile(path, 'old')
  await symlink('real', link)
  await write(link, 'new')
  assert.equal(await readFile(path, 'utf8'), 'new')
  assert.deepEqual((await readdir(folder.path)).sort(), ['link', 'real'])
})

test('a device is written to and stays a device', async () => {
  await write('/dev/null', 'text')
  assert.ok((await stat('/dev/null')).isCharacterDevice())
})

test('what cannot be written is told before the work begins', async () => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'folder'))
  await writeFile(join(folder.path, 'file'), '')
  const hint = '; is .* a folder that you may write to\\?'
  for (const [path, reason] of [
    ['folder', 'it is a folder; name a file in it'],
    ['none/out.json', `ENOENT: no such file or directory${hint}`],
    ['file/out.json', `ENOTDIR: not a directory${hint}`],
  ]) {
    await assert.rejects(openOutput(join(folder.path, path), new FakeTerminal()), {
      name: 'OutputFault',
      code: 'not-writable',
      message: new RegExp(`^cannot write ${folder.path}/${path}: ${reason}$`),
    })
  }
})

/** A stream of which every write fails so. */
const failing = (code: string) =>
  new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(`${code}: no`), { code })),
  }).on('error', () => {})

test('a reader that has seen enough is no error, a full disk is', async () => {
  await print(failing('EPIPE'), 'text')
  await assert.rejects(print(failing('ENOSPC'), 'text'), {
    code: 'not-writable',
    message: /the results: ENOSPC/,
  })
})

test('a full device is told', { skip: process.platform !== 'linux' && 'needs /dev/full' }, async () => {
  await assert.rejects(write('/dev/full', 'text'), { code: 'not-writable', message: /ENOSPC/ })
})
