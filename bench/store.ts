import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { applyRecords, importAdvisories, openStore } from '../packages/advisories/src/index.ts'
import { matchPackages } from '../packages/matching/src/index.ts'
import { type Distribution, type Package, type PackageFacts, purlOf } from '../packages/model/src/index.ts'
import { median, megabytes, milliseconds, type Row, timed } from './measure.ts'

const now = () => new Date()

export const debian: Distribution = { id: 'debian', version: '10', like: [], path: 'etc/os-release' }

/** Debian source packages that advisories speak of, in the versions that Debian 10 was released with in July 2019. */
const released: readonly (readonly [source: string, version: string])[] = [
  ['apache2', '2.4.38-3'],
  ['apt', '1.8.2'],
  ['bash', '5.0-4'],
  ['bzip2', '1.0.6-9.1'],
  ['curl', '7.64.0-4'],
  ['dpkg', '1.19.7'],
  ['expat', '2.2.6-2'],
  ['git', '1:2.20.1-2'],
  ['glibc', '2.28-10'],
  ['gnutls28', '3.6.7-4'],
  ['gzip', '1.9-3'],
  ['imagemagick', '8:6.9.10.23+dfsg-2.1'],
  ['krb5', '1.17-3'],
  ['libgcrypt20', '1.8.4-5'],
  ['libxml2', '2.9.4+dfsg1-7'],
  ['lz4', '1.8.3-1'],
  ['mariadb-10.3', '1:10.3.15-1'],
  ['nettle', '3.4.1-1'],
  ['nginx', '1.14.2-2'],
  ['openldap', '2.4.47+dfsg-3'],
  ['openssl', '1.1.1c-1'],
  ['p11-kit', '0.23.15-2'],
  ['pam', '1.3.1-5'],
  ['perl', '5.28.1-6'],
  ['php7.3', '7.3.4-2'],
  ['postgresql-11', '11.4-1'],
  ['python3.7', '3.7.3-2'],
  ['redis', '5:5.0.3-4'],
  ['rsync', '3.1.3-6'],
  ['samba', '2:4.9.5+dfsg-5'],
  ['shadow', '1:4.5-1.1'],
  ['sqlite3', '3.27.2-3'],
  ['sudo', '1.8.27-1'],
  ['systemd', '241-5'],
  ['tar', '1.30+dfsg-6'],
  ['util-linux', '2.33.1-0.1'],
  ['vim', '2:8.1.0875-5'],
  ['wget', '1.20.1-1.1'],
  ['xz-utils', '5.2.4-1'],
  ['zlib', '1:1.2.11.dfsg-1'],
]
const languageNames =
  'lodash minimist express axios qs moment handlebars jquery ws node-fetch tar ini y18n glob-parent json5 semver ajv underscore async debug'.split(
    ' ',
  )

function located(facts: PackageFacts): Package {
  return { ...facts, purl: purlOf(facts, facts.type === 'deb' ? debian : undefined), locations: [] }
}

function systemPackage(name: string, source: string, version: string): Package {
  return located({ type: 'deb', name, version, source: { name: source, version }, confidence: 'declared' })
}

function languagePackage(name: string, version: string): Package {
  return located({ type: 'npm', name, version, confidence: 'declared' })
}

/**
 * 500 packages of an image as images are: on a Debian 10 that was never updated, two packages of each source above; npm
 * packages in early versions and, as often, in versions past every fix; all others under names and versions of their own that
 * no advisory speaks of, as most packages are. About one in five has findings.
 */
export function samplePackages(): Package[] {
  const spokenOf = [
    ...released.flatMap(([source, version]) => [
      systemPackage(`${source}-bin`, source, version),
      systemPackage(`lib${source}`, source, version),
    ]),
    ...languageNames.map((name) => languagePackage(name, '1.0.0')),
    ...languageNames.map((name) => languagePackage(name, '99.0.0')),
  ]
  const others = Array.from({ length: 500 - spokenOf.length }, (_, index) =>
    index % 3 === 2
      ? languagePackage(`unspoken-of-${index}`, `1.${index}.0`)
      : systemPackage(`libunspoken${index}`, `unspoken${index}`, `1.${index}-1`),
  )
  return [...spokenOf, ...others]
}

/**
 * 500 packages with about seven findings each: every one under a name that advisories speak of, in versions below most
 * fixes. No image is like this; it shows what a finding costs.
 */
function densePackages(): Package[] {
  return Array.from({ length: 500 }, (_, index) => {
    if (index % 3 === 2) {
      const name = languageNames[index % languageNames.length]
      return languagePackage(name, `${index % 5}.${index % 11}.${index % 3}`)
    }
    const [source] = released[index % released.length]
    return systemPackage(`lib${source}${index}`, source, `1.${index % 40}.0-${index % 7}`)
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
    const sample = await benchMatching(store, samplePackages())
    const fresh = freshMatching(store)
    const dense = await benchMatching(store, densePackages())
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
        what: `500 packages matched (${counted(sample)}), store open and warm`,
        figure: milliseconds(sample.usual),
        against: 'at most 50 ms',
        holds: sample.usual <= 50,
      },
      {
        what: 'the same, as the first that a fresh process does, opening the store included',
        figure: milliseconds(fresh),
        against: 'nothing compiled, nothing read before; the bound is held to the line above',
      },
      {
        what: `dense: 500 packages matched (${counted(dense)})`,
        figure: milliseconds(dense.usual),
        against: 'no bound; no image is like this',
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

/** Milliseconds from opening the store to the findings, the first thing that a process does: the median of nine processes. */
function freshMatching(store: string): number {
  const program = join(import.meta.dirname, 'fresh-matching.ts')
  const times = Array.from({ length: 9 }, () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, [program, store], { encoding: 'utf8' })
    if (status !== 0) throw new Error(stderr)
    return Number(stdout)
  })
  return median(times)
}

interface MatchingFigures {
  /** Milliseconds, the median of calls after many. */
  readonly usual: number
  readonly findings: number
  /** Packages with findings. */
  readonly affected: number
}

async function benchMatching(store: string, packages: readonly Package[]): Promise<MatchingFigures> {
  let findings = 0
  let affected = 0
  using advisories = openStore(store)
  const match = () => {
    const found = matchPackages({ packages, distribution: debian, now: now() }, advisories).findings
    findings = found.length
    affected = new Set(found.map((finding) => finding.package)).size
  }
  // A server matches all day with its store open; what a fresh process takes is measured beside it.
  for (let round = 0; round < 15; round++) match()
  const rounds: number[] = []
  for (let round = 0; round < 15; round++) rounds.push(await timed(match))
  return { usual: median(rounds), findings, affected }
}

function counted({ findings, affected }: MatchingFigures): string {
  return `${findings.toLocaleString('en-US')} findings in ${affected} of them`
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
