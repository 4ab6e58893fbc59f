import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyRecords, importAdvisories, openStore } from '../packages/advisories/src/index.ts'
import { matchPackages } from '../packages/matching/src/index.ts'
import { type Distribution, type Package, type PackageFacts, purlOf } from '../packages/model/src/index.ts'
import { median, megabytes, milliseconds, type Row, timed } from './measure.ts'

const now = () => new Date()

const debian: Distribution = { id: 'debian', version: '10', like: [], path: 'etc/os-release' }

/** Real names of Debian source packages and npm packages, taken round robin to fill up 500. */
const systemNames =
  'openssl expat glibc zlib bash curl nginx perl python3.7 sqlite3 systemd util-linux libxml2 gnutls28 krb5 openldap apt dpkg tar gzip xz-utils bzip2 lz4 libgcrypt20 nettle p11-kit pam shadow sudo vim wget git rsync samba postgresql-11 redis mariadb-10.3 php7.3 apache2 imagemagick'.split(
    ' ',
  )
const languageNames =
  'lodash minimist express axios qs moment handlebars jquery ws node-fetch tar ini y18n glob-parent json5 semver ajv underscore async debug'.split(
    ' ',
  )

/** 500 packages: two in three of the distribution, the rest of npm, in versions that advisories speak of. */
export function samplePackages(): Package[] {
  const located = (facts: PackageFacts): Package => ({
    ...facts,
    purl: purlOf(facts, facts.type === 'deb' ? debian : undefined),
    locations: [],
  })
  return Array.from({ length: 500 }, (_, index) => {
    const system = index % 3 !== 2
    const names = system ? systemNames : languageNames
    const name = names[index % names.length]
    const version = system ? `1.${index % 40}.0-${index % 7}` : `${index % 5}.${index % 11}.${index % 3}`
    return located({
      type: system ? 'deb' : 'npm',
      name: system ? `lib${name}${index}` : name,
      version,
      confidence: 'declared',
      ...(system ? { source: { name, version } } : {}),
    })
  })
}

/** The store of a folder of real advisories: compiled, opened, asked, changed. */
export async function benchStore(from: string): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lanner-bench-'))
  try {
    const store = join(folder, 'store')
    const started = performance.now()
    const { records, bytes } = await importAdvisories(from, store, { now })
    const compiled = performance.now() - started
    const opens: number[] = []
    for (let round = 0; round < 15; round++) opens.push(await timed(() => openStore(store).close()))
    const packages = samplePackages()
    const match = (): number => {
      using advisories = openStore(store)
      return matchPackages({ packages, distribution: debian, repositoryCpes: [], now: now() }, advisories)
        .findings.length
    }
    const first = await timed(match)
    let findings = 0
    const matches: number[] = []
    for (let round = 0; round < 9; round++) matches.push(await timed(() => (findings = match())))
    const changed = join(folder, 'changed')
    cpSync(store, changed, { recursive: true })
    const applies: number[] = []
    for (let round = 0; round < 5; round++)
      applies.push(await timed(() => applyRecords(changed, [oneRecord(round)], { now })))
    return [
      {
        what: `advisory store of ${records.toLocaleString('en-US')} records compiled (${megabytes(bytes)})`,
        figure: `${(compiled / 1000).toFixed(1)} s`,
        against: 'at most 30 s',
        holds: compiled <= 30_000,
      },
      {
        what: 'store opened',
        figure: milliseconds(median(opens)),
        against: 'at most 5 ms',
        holds: median(opens) <= 5,
      },
      {
        what: `500 packages matched (${findings.toLocaleString('en-US')} findings), store just opened`,
        figure: milliseconds(median(matches)),
        against: `at most 50 ms; ${milliseconds(first)} the first time in a process`,
        holds: median(matches) <= 50,
      },
      {
        what: 'one changed record applied',
        figure: milliseconds(median(applies)),
        against: 'at most 100 ms',
        holds: median(applies) <= 100,
      },
    ]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function oneRecord(round: number): unknown {
  return {
    schema_version: '1.6.0',
    id: 'GHSA-bench-bench-bench',
    modified: new Date(Date.UTC(2026, 10, 1, 0, 0, round)).toISOString(),
    aliases: ['CVE-2026-99999'],
    affected: [
      {
        package: { ecosystem: 'npm', name: 'lodash' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: `4.99.${round}` }] }],
      },
    ],
  }
}
