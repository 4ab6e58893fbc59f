import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { unpacked } from '../content.ts'
import { readEpss } from './index.ts'

const testData = process.env['LANNER_TEST_DATA']

test('the form since 2022: model and date in the first line', () => {
  const csv =
    '#model_version:v2026.06.15,score_date:2026-09-29T12:00:22Z\ncve,epss,percentile\nCVE-1999-0001,0.03351,0.88255\nCVE-2026-12345678,1e-05,0\n'
  assert.deepEqual(readEpss(csv), {
    rows: [
      { year: 1999, number: 1, score: 0.03351, percentile: 0.88255 },
      { year: 2026, number: 12345678, score: 0.00001, percentile: 0 },
    ],
    refused: 0,
    date: '2026-09-29T12:00:22Z',
  })
})

test('the form of 2021 has no such line; zones without a colon are read', () => {
  assert.deepEqual(readEpss('cve,epss,percentile\r\nCVE-2020-5902,0.65117,0.998\r\n'), {
    rows: [{ year: 2020, number: 5902, score: 0.65117, percentile: 0.998 }],
    refused: 0,
  })
  const dated = readEpss('#model_version:v1,score_date:2022-02-04T00:00:00+0000\ncve,epss,percentile\n')
  assert.ok('date' in dated)
  assert.equal(dated.date, '2022-02-04T00:00:00Z')
})

test('rows that are no score are counted, a page that is no table is refused', () => {
  const reading = readEpss(
    'cve,epss,percentile\nCVE-2020-1,0.5,0.5\nCVE-2020-0001,1.5,0.5\nCVE-2020-0002,,0.5\nCVE-2020-0003,NaN,0.1\nCVE-2020-0004,0.5,0.5',
  )
  assert.ok('rows' in reading)
  assert.deepEqual([reading.rows.length, reading.refused], [1, 4])
  assert.ok('problem' in readEpss('<html>'))
  assert.ok('problem' in readEpss(''))
})

test('files of four years, as published', { skip: !testData && 'needs LANNER_TEST_DATA' }, () => {
  const folder = join(testData ?? '', 'fixtures/feeds/epss')
  const found = readdirSync(folder)
    .sort()
    .map((name) => {
      const reading = readEpss(unpacked(readFileSync(join(folder, name))).toString())
      assert.ok('rows' in reading)
      return [name, reading.rows.length, reading.refused, reading.date]
    })
  assert.deepEqual(found, [
    // The first has no percentile at all.
    ['epss_scores-2021-04-14.csv.gz', 0, 2, undefined],
    ['epss_scores-2021-09-01.csv.gz', 2, 0, undefined],
    ['epss_scores-2022-02-04.csv.gz', 2, 0, '2022-02-04T00:00:00Z'],
    ['epss_scores-2023-03-07.csv.gz', 2, 0, '2023-03-07T00:00:00Z'],
  ])
})
