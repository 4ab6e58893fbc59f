import type { WrittenVexStatement } from '@lanner/documents'
import type { PackageType } from '@lanner/model'
import {
  compilePolicies,
  evaluate,
  type ImagePolicyFacts,
  type PolicyCondition,
  type PolicyPackage,
} from '@lanner/policy'
import type { Database } from '../db/database.ts'
import {
  type HeldPackageFinding,
  heldFindings,
  imagesNamed,
  type NamedImage,
  vulnerabilitiesNamed,
} from '../db/vex-estate.ts'
import { imagePurlOf, omissionOf, statementOf, type Written } from './exclusion-statement.ts'
import type { StoredExclusion } from './policy-set.ts'
import { mapInTurns } from './turns.ts'

/** Images that a scope is spelled out into; more are left out. */
const mostImages = 5000

/** What exclusions say of the whole estate: a statement for each of them and each vulnerability that they name. */
export async function estateStatements(
  database: Database,
  cid: string,
  exclusions: readonly StoredExclusion[],
  host: string,
): Promise<readonly Written[]> {
  const names = [...new Set(exclusions.flatMap(namesOf))]
  const known = await vulnerabilitiesNamed(database, names)
  const held = await heldFindings(database, cid, [
    ...new Set(known.map(({ vulnerability }) => vulnerability)),
  ])
  const facts = factsOf(held)
  const images = await imagesNamed(database, cid, {
    digests: exclusions.flatMap(({ scope }) => textsOf(scope?.digest)),
    repositories: exclusions.flatMap(({ scope }) => textsOf(scope?.repository)),
    most: mostImages,
  })
  const named = namedBy(images)
  return mapInTurns(exclusions, (exclusion) => writtenOf(exclusion, facts, named, host))
}

/** Images by digest, of manifest or index, and by repository. */
interface NamedImages {
  readonly byDigest: ReadonlyMap<string, readonly NamedImage[]>
  readonly byRepository: ReadonlyMap<string, readonly NamedImage[]>
}

function namedBy(images: readonly NamedImage[]): NamedImages {
  const digests = images.flatMap((image) =>
    [...new Set([image.digest, image.index_digest])].map((digest) => ({ digest, image })),
  )
  const byDigest = new Map(
    [...Map.groupBy(digests, ({ digest }) => digest)].map(([digest, each]) => [
      digest,
      each.map(({ image }) => image),
    ]),
  )
  return { byDigest, byRepository: Map.groupBy(images, ({ repository }) => repository) }
}

function writtenOf(
  exclusion: StoredExclusion,
  facts: ImagePolicyFacts,
  images: NamedImages,
  host: string,
): Written {
  const omission = omissionOf(exclusion)
  if (omission) return omission
  if (namesOf(exclusion).length === 0) return 'not_a_vulnerability'
  const products = imagePurls(exclusion, images, host)
  if (typeof products === 'string') return products
  const withPackages = conditionsOf(exclusion).some(({ prop }) => prop !== 'cve')
  const statements = [...said(exclusion, facts)].flatMap(
    ([vulnerability, { aliases, purls }]): readonly WrittenVexStatement[] => {
      if (purls.length === 0 && (withPackages || !products)) return []
      const parts = withPackages ? purls : []
      return [
        {
          ...statementOf(exclusion, vulnerability, aliases),
          products: products
            ? products.map((purl) => ({ purl, parts }))
            : purls.map((purl) => ({ purl, parts: [] })),
        },
      ]
    },
  )
  return statements.length === 0 ? 'nothing_held' : statements
}

interface Said {
  readonly aliases: readonly string[]
  /** Package URLs: as the exclusion names them, else of what has the vulnerability here. */
  readonly purls: readonly string[]
}

/** What an exclusion says, by vulnerability. */
function said(exclusion: StoredExclusion, facts: ImagePolicyFacts): ReadonlyMap<string, Said> {
  const names = namesOf(exclusion)
  const purls = conditionsOf(exclusion).find(({ prop }) => prop === 'purl')?.value
  const listed = textsOf(purls)
  const stated = listed.length > 0 && !listed.some((purl) => purl.includes('*')) ? listed : undefined
  // Where it holds is said by the product, and until when by the reason.
  const { scope, ttl: _, ...anywhere } = exclusion
  const covered = evaluate(facts, compilePolicies([], [anywhere]), 0).excluded.findings
  const byVulnerability = Map.groupBy(covered, ({ thing }) => thing.vulnerability)
  // What nothing has any more is still what somebody said of it.
  if (byVulnerability.size === 0 && (stated || scope)) {
    const [vulnerability = '', ...aliases] = exclusion.vex ? names : names.slice(0, 1)
    return new Map([[vulnerability, { aliases, purls: stated ?? [] }]])
  }
  return new Map(
    [...byVulnerability].map(([vulnerability, each]) => {
      const have = each.flatMap(({ thing }) => facts.packages[thing.package]?.purl ?? [])
      const aliases = each[0]?.thing.aliases.filter((alias) => names.includes(alias)) ?? []
      return [vulnerability, { aliases, purls: stated ?? [...new Set(have)].sort() }]
    }),
  )
}

/** The images that a scope names; undefined where it names none, for then the packages are the products. */
function imagePurls(
  { scope }: StoredExclusion,
  images: NamedImages,
  host: string,
): readonly string[] | undefined | 'scope' | 'nothing_held' {
  if (!scope) return undefined
  const [digests, registries, repositories, tags] = [
    textsOf(scope.digest),
    textsOf(scope.registry),
    textsOf(scope.repository),
    textsOf(scope.tag),
  ]
  if ([...registries, ...repositories, ...tags].some((text) => text.includes('*'))) return 'scope'
  if (digests.length === 0 && repositories.length === 0) return 'scope'
  const candidates =
    digests.length > 0
      ? digests.flatMap((digest) => images.byDigest.get(digest) ?? [])
      : repositories.flatMap((repository) => images.byRepository.get(repository) ?? [])
  const found = candidates.filter(
    (image) =>
      (registries.length === 0 || registries.includes(image.registry)) &&
      (repositories.length === 0 || repositories.includes(image.repository)) &&
      (tags.length === 0 || tags.includes(image.tag)),
  )
  const purls = found.map(({ registry, repository, tag, digest, index_digest: index }) =>
    digests.length > 0
      ? imagePurlOf({ registry, repository, digest: digests.includes(digest) ? digest : index }, host)
      : imagePurlOf({ registry, repository, ...(tags.length > 0 ? { tag } : {}) }, host),
  )
  return purls.length === 0 ? 'nothing_held' : [...new Set(purls)].sort()
}

function conditionsOf({ prop, op, value, and = [] }: StoredExclusion): readonly PolicyCondition[] {
  return [{ prop, op, value }, ...and]
}

/** The vulnerabilities that an exclusion names; none where a name has a wildcard. */
function namesOf(exclusion: StoredExclusion): readonly string[] {
  const named = conditionsOf(exclusion).filter(({ prop }) => prop === 'cve')
  const [first] = named
  const names = named.length === 1 ? textsOf(first?.value) : []
  return names.some((name) => name.includes('*')) ? [] : names
}

function textsOf(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return list.filter((item) => typeof item === 'string')
}

/** The packages and findings of the estate as policies see them, so that exclusions cover here what they cover there. */
function factsOf(held: readonly HeldPackageFinding[]): ImagePolicyFacts {
  const places = new Map<string, number>()
  const packages: PolicyPackage[] = []
  const findings = held.map(({ vulnerability, aliases, type, namespace, name, version, purl }) => {
    const place = places.get(purl) ?? packages.length
    if (place === packages.length)
      packages.push({
        // As it was stored, from a list that only grows.
        type: type as PackageType,
        ...(namespace ? { namespace } : {}),
        name,
        version,
        purl,
        licenses: [],
        places: [],
      })
    places.set(purl, place)
    return { ...unrated, vulnerability, aliases, package: place }
  })
  return {
    registry: '',
    repository: '',
    tag: '',
    digest: '',
    assessment: 'assessed',
    packages,
    findings,
    detections: [],
  }
}

/** Exclusions that go by any of these are left out. */
const unrated = {
  verdict: 'affected',
  severity: 'unknown',
  cpsRating: 'low',
  exploited: false,
  fixAvailable: false,
} as const
