import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { temporaryFolder } from '@lanner/testkit'
import { csvCell, type ExportRecord, writeExportFile } from './export-file.ts'

async function folder(t: TestContext): Promise<string> {
  const temporary = await temporaryFolder()
  t.after(() => temporary[Symbol.asyncDispose]())
  return join(temporary.path, 'exports', 'tenant')
}

async function* pagesOf(...pages: readonly (readonly ExportRecord[])[]) {
  yield* pages
}

const never = new AbortController().signal

// RFC 4180 section 2; formulas: https://owasp.org/www-community/attacks/CSV_Injection
const cells: readonly (readonly [value: unknown, cell: string])[] = [
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "no"', '"say ""no"""'],
  ['two\nlines', '"two\nlines"'],
  ['two\r\nlines', '"two\r\nlines"'],
  ['', ''],
  [undefined, ''],
  [null, ''],
  [0, '0'],
  [-1.5, '-1.5'],
  [true, 'true'],
  [['a', 'b'], '"[""a"",""b""]"'],
  [{ id: 1 }, '"{""id"":1}"'],
  ['=1+1', "'=1+1"],
  ['=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', '"\'\r=1"'],
  ['@babel/core', "'@babel/core"],
  ['a=1', 'a=1'],
  ['naïve – ü 漢', 'naïve – ü 漢'],
]
for (const [value, cell] of cells)
  test(`the cell of ${JSON.stringify(value)}`, () => assert.equal(csvCell(value), cell))

const records: readonly ExportRecord[] = [
  { name: 'a', count: 1, list: ['x'] },
  { name: 'b,c', count: -2 },
]

test('CSV has a line of names and a line a record, whatever of it a record has', async (t) => {
  const path = join(await folder(t), 'file.csv')
  const pages = pagesOf(records.slice(0, 1), [], records.slice(1))
  const written = await writeExportFile(path, 'csv', ['name', 'list', 'count'], pages, never)
  const text = 'name,list,count\r\na,"[""x""]",1\r\n"b,c",,-2\r\n'
  assert.equal(await readFile(path, 'utf8'), text)
  assert.deepEqual(written, { records: 2, bytes: text.length })
})

test('JSON is an array of the records', async (t) => {
  const path = join(await folder(t), 'file.json')
  const written = await writeExportFile(path, 'json', [], pagesOf(records), never)
  const text = await readFile(path, 'utf8')
  assert.deepEqual(JSON.parse(text), records)
  assert.equal(written.bytes, Buffer.byteLength(text))
  assert.equal(text.split('\n').length, records.length + 3)
})

test('nothing is an empty array, or the names alone', async (t) => {
  const path = join(await folder(t), 'file')
  await writeExportFile(path, 'json', [], pagesOf(), never)
  assert.deepEqual(JSON.parse(await readFile(path, 'utf8')), [])
  await writeExportFile(path, 'csv', ['a'], pagesOf([]), never)
  assert.equal(await readFile(path, 'utf8'), 'a\r\n')
})

test('what breaks off leaves nothing, and what was there stays', async (t) => {
  const within = await folder(t)
  const path = join(within, 'file.json')
  await writeExportFile(path, 'json', [], pagesOf(records), never)
  async function* breaking() {
    yield records
    throw new Error('gone')
  }
  await assert.rejects(writeExportFile(path, 'json', [], breaking(), never), /gone/)
  const stopping = new AbortController()
  async function* stopped() {
    yield records
    stopping.abort()
    yield records
  }
  await assert.rejects(writeExportFile(path, 'json', [], stopped(), stopping.signal), { name: 'AbortError' })
  assert.deepEqual(await readdir(within), ['file.json'])
  assert.deepEqual(JSON.parse(await readFile(path, 'utf8')), records)
})

test('a file of many megabytes is written in parts', async (t) => {
  const path = join(await folder(t), 'file.json')
  const page = Array.from({ length: 500 }, () => ({ text: 'ü'.repeat(1_000) }))
  async function* many() {
    for (let at = 0; at < 20; at++) yield page
  }
  const { records: count, bytes } = await writeExportFile(path, 'json', [], many(), never)
  assert.equal(count, 10_000)
  // Each record is {"text":"…"} with 2,000 bytes of text, a line break before it and a comma before all but the first.
  assert.equal(bytes, 10_000 * (2_000 + 11 + 1) + 9_999 + '[\n]\n'.length)
  assert.equal((JSON.parse(await readFile(path, 'utf8')) as unknown[]).length, 10_000)
})
