import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readKev } from './index.ts'

const testData = process.env['LANNER_TEST_DATA']

test('entries with their dates; ransomware only when known; broken ones are counted', () => {
  const reading = readKev({
    dateReleased: '2026-08-22T17:00:00.0000Z',
    vulnerabilities: [
      {
        cveID: 'CVE-2021-44228',
        dateAdded: '2021-12-10',
        dueDate: '2021-12-24',
        knownRansomwareCampaignUse: 'Known',
      },
      { cveID: 'CVE-2025-48384', dateAdded: '2025-08-25', knownRansomwareCampaignUse: 'Unknown' },
      { cveID: 'CVE-2025-1', dateAdded: '2025-08-25' },
      { cveID: 'CVE-2025-0001', dateAdded: 'soon' },
      null,
    ],
  })
  assert.deepEqual(reading, {
    entries: [
      { cve: 'CVE-2021-44228', facts: { dateAdded: '2021-12-10', dueDate: '2021-12-24', ransomware: true } },
      { cve: 'CVE-2025-48384', facts: { dateAdded: '2025-08-25', ransomware: false } },
    ],
    released: '2026-08-22T17:00:00.0000Z',
    refused: 3,
  })
})

test('what is no catalogue is refused', () => {
  for (const json of [null, 1, [], {}, { vulnerabilities: {} }]) assert.ok('problem' in readKev(json))
})

test('the catalogue as published', { skip: !testData && 'needs LANNER_TEST_DATA' }, () => {
  const path = join(testData ?? '', 'fixtures/feeds/kev/known_exploited_vulnerabilities.json')
  const reading = readKev(JSON.parse(readFileSync(path, 'utf8')))
  assert.ok('entries' in reading)
  assert.deepEqual(reading.entries, [
    { cve: 'CVE-2022-21971', facts: { dateAdded: '2022-08-18', dueDate: '2022-09-08', ransomware: false } },
  ])
})
