import {
  type AskedFacts,
  fixedSince,
  PlacesAsked,
  type PolicyFinding,
  type PolicyPackage,
  type PolicyPreview,
  type RowLikeness,
} from '@lanner/policy'
import type { Database } from '../db/database.ts'
import {
  type AskedFinding,
  type AskedPackage,
  type AskedVulnerability,
  askedFindings,
  askedPackages,
  askedVulnerabilities,
  membersOfSets,
} from '../db/preview-content.ts'
import { cpsRatingOf, severityOfRank } from './assessment/finding-rows.ts'

/** What the images of one set of packages have in common. */
export interface SetContent {
  readonly packages: readonly PolicyPackage[]
  readonly findings: readonly PolicyFinding[]
}

type Finding = Omit<PolicyFinding, 'package'>

interface KnownPackage {
  readonly facts: PolicyPackage
  readonly findings: readonly Finding[]
  /** The same for packages, and for findings, of which one in an image stands for all; absent where none does. */
  readonly number?: number
  readonly findingNumbers?: Int32Array
}

/** Packages and vulnerabilities that are remembered from one slice to the next; most images have most of theirs in common. */
const previewRemembers = 200_000

const nothing: SetContent = { packages: [], findings: [] }

/** Reads sets of packages as far as policies ask for them: each package once, however many sets it is in. */
export class PreviewContents {
  readonly #database: Database
  readonly #asked: AskedFacts
  readonly #rows: RowLikeness | undefined
  /** Undefined: nothing of it is asked. */
  #packages = new Map<number, KnownPackage | undefined>()
  readonly #vulnerabilities = new Map<string, AskedVulnerability>()

  constructor(database: Database, { asked, rows }: Pick<PolicyPreview, 'asked' | 'rows'>) {
    this.#database = database
    this.#asked = asked
    this.#rows = rows
  }

  /** Gives the content of each of these sets when it is asked for, so that few lie in memory at once. */
  async load(setIds: readonly number[]): Promise<(setId: number) => SetContent> {
    const { findings, packages } = this.#asked
    if (!findings && !packages) return () => nothing
    const members = await membersOfSets(this.#database, setIds)
    const known = await this.#know(members.values())
    return (setId) => this.#content(members.get(setId) ?? [], known)
  }

  #content(members: readonly number[], known: ReadonlyMap<number, KnownPackage | undefined>): SetContent {
    const packages: PolicyPackage[] = []
    const findings: PolicyFinding[] = []
    const places = new Map<number, number>()
    const told = new Set<number>()
    const placeOf = ({ facts, number }: KnownPackage): number => {
      const place = number === undefined ? undefined : places.get(number)
      if (place !== undefined) return place
      if (number !== undefined) places.set(number, packages.length)
      return packages.push(facts) - 1
    }
    for (const id of members) {
      const found = known.get(Math.abs(id))
      if (!found) continue
      let place = this.#asked.packages ? placeOf(found) : -1
      // What an advisory of the distribution decides about is suppressed: its findings do not count.
      if (id < 0) continue
      for (let at = 0; at < found.findings.length; at++) {
        const number = found.findingNumbers?.[at]
        if (number !== undefined) {
          if (told.has(number)) continue
          told.add(number)
        }
        if (place < 0) place = placeOf(found)
        findings.push({ ...(found.findings[at] as Finding), package: place })
      }
    }
    return { packages, findings }
  }

  async #know(sets: Iterable<readonly number[]>): Promise<ReadonlyMap<number, KnownPackage | undefined>> {
    // Another map and not an empty one: the last slice may still be judged by what was known for it.
    if (this.#packages.size > previewRemembers) this.#packages = new Map()
    const known = this.#packages
    const missing = new Set<number>()
    for (const members of sets)
      for (const id of members) if (!known.has(Math.abs(id))) missing.add(Math.abs(id))
    if (missing.size > 0) await this.#read([...missing])
    return known
  }

  async #read(packageIds: readonly number[]): Promise<void> {
    const findings = await this.#findings(packageIds)
    const asked = this.#asked.packages ? packageIds : [...findings.keys()]
    const rows = asked.length === 0 ? [] : await askedPackages(this.#database, asked)
    for (const id of packageIds) this.#packages.set(id, undefined)
    const read = rows.map((row) => ({
      id: row.package_id,
      facts: new UnplacedPackage(row),
      findings: findings.get(row.package_id) ?? [],
    }))
    const numbers = this.#rows?.of({
      packages: read.map(({ facts }) => facts),
      findings: read.flatMap((pack, place) =>
        pack.findings.map((finding) => ({ ...finding, package: place })),
      ),
    })
    let from = 0
    for (const [place, { id, ...pack }] of read.entries()) {
      const to = from + pack.findings.length
      const own = numbers && {
        number: numbers.packages[place] ?? 0,
        findingNumbers: numbers.findings.slice(from, to),
      }
      this.#packages.set(id, { ...pack, ...own })
      from = to
    }
  }

  async #findings(packageIds: readonly number[]): Promise<ReadonlyMap<number, readonly Finding[]>> {
    const { props, findings: asked } = this.#asked
    if (!asked) return new Map()
    const rows = await askedFindings(this.#database, packageIds, props.has('vulnerability.fix_age_days'))
    const vulnerabilities = await this.#knowVulnerabilities(rows)
    const found = new Map<number, Finding[]>()
    for (const row of rows) {
      const vulnerability = vulnerabilities.get(row.vulnerability_id)
      if (!vulnerability) continue
      const finding = findingOf(row, vulnerability)
      const others = found.get(row.package_id)
      if (others) others.push(finding)
      else found.set(row.package_id, [finding])
    }
    return found
  }

  async #knowVulnerabilities(
    findings: readonly AskedFinding[],
  ): Promise<ReadonlyMap<string, AskedVulnerability>> {
    const known = this.#vulnerabilities
    const ids = new Set(findings.map((finding) => finding.vulnerability_id))
    if (known.size + ids.size > previewRemembers) known.clear()
    const missing = [...ids].filter((id) => !known.has(id))
    if (missing.length === 0) return known
    const { props } = this.#asked
    const rows = await askedVulnerabilities(this.#database, missing, {
      aliases: props.has('vulnerability.cve'),
      epss: props.has('vulnerability.epss'),
      published: props.has('vulnerability.published_days'),
    })
    for (const row of rows) known.set(row.vulnerability_id, row)
    return known
  }
}

/** A package as its set has it: where it lies, each image says for itself. */
class UnplacedPackage implements PolicyPackage {
  readonly type
  readonly namespace?: string
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly licenses: readonly string[]

  constructor({ type, namespace, name, version, purl, licenses }: AskedPackage) {
    this.type = type
    if (namespace) this.namespace = namespace
    this.name = name ?? ''
    this.version = version
    this.purl = purl
    this.licenses = licenses ?? []
  }

  get places(): never {
    throw new PlacesAsked()
  }
}

function findingOf(row: AskedFinding, vulnerability: AskedVulnerability): Finding {
  const { verdict, severity, cps_rating, fixed_versions: fixedVersions, evidence, fix_known_since } = row
  const { vulnerability_id, aliases, cvss_score, epss, exploited, published } = vulnerability
  const since = evidence ? fixedSince({ fixedVersions, evidence }, fix_known_since) : undefined
  return {
    vulnerability: vulnerability_id,
    aliases: aliases ?? [],
    verdict,
    severity: severityOfRank(severity),
    ...(cvss_score === null ? {} : { cvssScore: cvss_score }),
    cpsRating: cpsRatingOf(cps_rating),
    ...(epss === null ? {} : { epss }),
    exploited,
    fixAvailable: fixedVersions.length > 0,
    ...(since ? { fixedSince: since } : {}),
    ...(published ? { published } : {}),
  }
}
