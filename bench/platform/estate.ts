import { createHash } from 'node:crypto'
import { lookupNames } from '../../packages/matching/src/index.ts'
import {
  type Digest,
  type Distribution,
  type PackageFacts,
  type PackageType,
  purlOf,
  severityOfScore,
  severityRank,
  type Vulnerability,
} from '../../packages/model/src/index.ts'

/** Of the distribution that all synthetic images are built on. */
export const distribution: Distribution = {
  id: 'debian',
  version: '12',
  codename: 'bookworm',
  like: [],
  name: 'Debian GNU/Linux 12 (bookworm)',
  path: 'etc/os-release',
}

/** The package that every image has, and that no advisory speaks of until the bench changes one. */
export const everywhere = 'everywhere'

export interface EstatePackage {
  /** Its id in the database. */
  readonly id: number
  readonly facts: PackageFacts & { readonly purl: string }
  readonly names: readonly string[]
  readonly findings: readonly EstateFinding[]
}

export interface EstateFinding {
  /** Index among the vulnerabilities. */
  readonly vulnerability: number
  readonly severity: number
  readonly cpsRating: number
  readonly fixed?: string
}

/** What the images of one set have in common: packages by id in ascending order, the layer of each, the layers. */
export interface EstateSet {
  readonly id: number
  readonly members: readonly EstatePackage[]
  readonly layers: readonly number[]
  readonly layerDigests: readonly Digest[]
  readonly vulnerableLayers: number
  /** 500 packages with 1,000 findings. */
  readonly reported: boolean
}

export interface Estate {
  readonly vulnerabilities: readonly Vulnerability[]
  readonly packages: readonly EstatePackage[]
  readonly sets: readonly EstateSet[]
}

const sizes = {
  vulnerabilities: 20_000,
  /** Binary packages of the distribution, in some releases each. */
  systemNames: 4_000,
  systemReleases: 5,
  languageNames: 13_300,
  languageVersions: 3,
  bases: 150,
  setsPerImage: 20,
  /** Sets whose images are asked for reports. */
  reported: 25,
}

export const reportedImages = { packages: 500, findings: 1_000 }

/** Numbers from 0 to 1 that are the same at every run (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** The digest that stands for a word. */
export function digestOf(word: string): Digest {
  return `sha256:${sha256(word)}` as Digest
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

const words =
  'buffer overflow parser allows remote attacker crafted request memory corruption header length check missing validation heap read function input execute arbitrary code denial service certificate session before version through handling'.split(
    ' ',
  )

/**
 * Images as they are: few distributions below many, packages of which a few are everywhere and most are rare, layers that are
 * shared from below. The same for the same number of images.
 */
export function makeEstate(images: number): Estate {
  const random = randomNumbers(images)
  const below = (bound: number) => Math.floor(random() * bound)
  const vulnerabilities = Array.from({ length: sizes.vulnerabilities }, (_, index) =>
    vulnerabilityOf(index, random),
  )
  const packages: EstatePackage[] = []
  const findingsOf = (count: number, version: string): EstateFinding[] => {
    const chosen = new Set<number>()
    while (chosen.size < count) chosen.add(below(sizes.vulnerabilities))
    return [...chosen].map((vulnerability) => {
      const { score } = vulnerabilities[vulnerability].cvss[0]
      const severity = severityRank(severityOfScore(score, '3.1'))
      return {
        vulnerability,
        severity,
        cpsRating: Math.max(1, Math.min(4, severity - 1)),
        ...(random() < 0.6 ? { fixed: `${version}+fixed1` } : {}),
      }
    })
  }
  /** Most packages have none; of the others most have few. */
  const usualCount = (share: number) =>
    random() < share ? Math.min(40, 1 + Math.floor(-Math.log(1 - random()) * 2)) : 0
  const add = (type: PackageType, name: string, version: string, count: number): EstatePackage => {
    const facts: PackageFacts = {
      type,
      name,
      version,
      ...(type === 'deb' ? { arch: 'amd64', source: { name: name.replace(/-bin$/, ''), version } } : {}),
      licenses: ['MIT'],
      confidence: 'declared',
    }
    const purl = purlOf(facts, type === 'deb' ? distribution : undefined)
    const added = {
      id: packages.length + 1,
      facts: { ...facts, purl },
      names: lookupNames({ ...facts, purl, locations: [] }),
      findings: findingsOf(count, version),
    }
    packages.push(added)
    return added
  }

  const common = add('deb', everywhere, '1.0-1', 0)
  const system = Array.from({ length: sizes.systemReleases }, (_, release) =>
    Array.from({ length: sizes.systemNames }, (_, index) =>
      add(
        'deb',
        `lib${words[index % words.length]}${index}-bin`,
        `${1 + (index % 9)}.${index % 17}-${release + 1}`,
        // The older a release, the more is known of it.
        usualCount(0.5 - release * 0.1),
      ),
    ),
  )
  const languages: PackageType[] = ['npm', 'npm', 'pypi', 'maven']
  const language = Array.from({ length: sizes.languageNames * sizes.languageVersions }, (_, index) => {
    const name = index % sizes.languageNames
    return add(
      languages[name % languages.length],
      `${words[name % words.length]}-${name}`,
      `${1 + Math.floor(index / sizes.languageNames)}.${name % 23}.${name % 7}`,
      usualCount(0.12),
    )
  })
  // For images with a known number of findings: packages with four, with two and with none.
  const old = Array.from({ length: 400 }, (_, index) => add('deb', `old${index}-bin`, '0.9-1', 4))
  const weak = Array.from({ length: 400 }, (_, index) => add('npm', `weak-${index}`, '0.1.0', 2))
  const sound = language.filter(({ findings }) => findings.length === 0)

  /** Few are everywhere, most are rare. */
  const popular = <T>(from: readonly T[]) => from[Math.floor(from.length * random() ** 3)]
  const some = <T>(count: number, choose: () => T, into = new Set<T>()) => {
    const until = into.size + count
    while (into.size < until) into.add(choose())
    return into
  }
  const bases = Array.from({ length: sizes.bases }, (_, base) => {
    const release = system[Math.floor(sizes.systemReleases * (1 - random() ** 2))]
    return {
      members: [...some(80 + below(140), () => popular(release))],
      layers: Array.from({ length: 1 + below(2) }, (_, layer) => digestOf(`base ${base} ${layer}`)),
    }
  })
  const sets = Array.from({ length: Math.max(50, Math.round(images / sizes.setsPerImage)) }, (_, index) => {
    const id = index + 1
    const own = Array.from({ length: 2 + below(4) }, (_, layer) => digestOf(`set ${id} ${layer}`))
    if (index < sizes.reported) {
      const lower = [common, ...some(200, () => old[below(old.length)])]
      const upper = some(
        199,
        () => popular(sound),
        some(100, () => weak[below(weak.length)]),
      )
      return setOf(id, lower, [...upper], [digestOf('old base')], own, below, true)
    }
    const base = bases[Math.floor(bases.length * random() ** 2)]
    const upper = some(100 + below(320), () => popular(language))
    return setOf(id, [common, ...base.members], [...upper], base.layers, own, below, false)
  })
  return { vulnerabilities, packages, sets }
}

function setOf(
  id: number,
  lower: readonly EstatePackage[],
  upper: readonly EstatePackage[],
  baseLayers: readonly Digest[],
  ownLayers: readonly Digest[],
  below: (bound: number) => number,
  reported: boolean,
): EstateSet {
  const placed = [
    ...lower.map((member) => ({ member, layer: below(baseLayers.length) })),
    ...upper.map((member) => ({ member, layer: baseLayers.length + below(ownLayers.length) })),
  ].sort((a, b) => a.member.id - b.member.id)
  return {
    id,
    members: placed.map(({ member }) => member),
    layers: placed.map(({ layer }) => layer),
    layerDigests: [...baseLayers, ...ownLayers],
    vulnerableLayers: new Set(
      placed.filter(({ member }) => member.findings.length > 0).map(({ layer }) => layer),
    ).size,
    reported,
  }
}

/** About as long as real ones are. */
function vulnerabilityOf(index: number, random: () => number): Vulnerability {
  const id = `CVE-${2014 + (index % 12)}-${10_000 + index}`
  const text = (length: number) =>
    Array.from({ length }, () => words[Math.floor(random() * words.length)]).join(' ')
  const score = Math.round((2 + 8 * random()) * 10) / 10
  const year = 2014 + (index % 12)
  return {
    id,
    aliases: index % 3 === 0 ? [`GHSA-${sha256(id).slice(0, 4)}-${sha256(id).slice(4, 8)}-xxxx`] : [],
    title: text(8),
    description: text(50),
    published: `${year}-05-0${1 + (index % 9)}T10:00:00Z`,
    modified: `${year}-09-0${1 + (index % 9)}T10:00:00Z`,
    cvss: [
      {
        version: '3.1',
        vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
        score,
        source: id,
      },
    ],
    epss: { score: Math.round(random() ** 4 * 1e5) / 1e5, percentile: Math.round(random() * 1e4) / 1e4 },
    ...(index % 60 === 0 ? { exploited: { dateAdded: '2024-01-10', ransomware: index % 120 === 0 } } : {}),
    cwes: ['CWE-787'],
    references: Array.from(
      { length: 5 },
      (_, at) => `https://example.org/advisories/${year}/${index}/reference-${at}.html`,
    ),
  }
}
