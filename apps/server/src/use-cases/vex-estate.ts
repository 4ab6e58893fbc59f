import type { VexImage } from '@lanner/documents'
import { purlCovers } from '@lanner/policy'
import type { Database } from '../db/database.ts'
import type { VexImageScope } from '../db/tables/policy.ts'
import {
  type HeldFinding,
  heldFindings,
  imagesNamed,
  type NamedImage,
  setFindings,
  vulnerabilitiesNamed,
} from '../db/vex-estate.ts'
import { mapInTurns } from './turns.ts'
import type { VexClaim, VexRefusalReason } from './vex-claims.ts'

/** What a claim means here: under which ids the vulnerability is known, and which images are meant. */
export interface PlacedClaim extends VexClaim {
  /** Ids that findings have; the statement's own name where the account has none of them. */
  readonly vulnerabilities: readonly string[]
  readonly scope?: VexImageScope
}

/** Why a claim means nothing here; as far as it can be placed all the same. */
export interface UnmatchedClaim {
  readonly claim: PlacedClaim
  readonly reason: VexRefusalReason
  readonly message: string
}

export type MatchedClaim = PlacedClaim | UnmatchedClaim

/** Images that claims are looked up among, newest first; the rest of a larger repository counts as not there. */
const mostImages = 5000

/**
 * Holds claims against what a tenant has: images, packages, and the vulnerabilities in them. `host` is what this server is
 * called by whoever asks, which stands for images that were pushed here.
 */
export async function matchClaims(
  database: Database,
  cid: string,
  claims: readonly VexClaim[],
  host: string,
): Promise<readonly MatchedClaim[]> {
  const names = await vulnerabilitiesNamed(database, [...new Set(claims.flatMap((claim) => claim.names))])
  const idsByName = Map.groupBy(names, ({ name }) => name)
  const found = [...new Set(names.map(({ vulnerability }) => vulnerability))]
  const held = Map.groupBy(await heldFindings(database, cid, found), ({ vulnerability }) => vulnerability)
  const images = await imagesNamed(database, cid, {
    digests: texts(claims, ({ digest }) => digest),
    repositories: texts(claims, ({ repository }) => repository),
    most: mostImages,
  })
  const sets = [...new Set(images.flatMap(({ set }) => set ?? []))]
  const inSets = findingsIndex(await setFindings(database, sets, [...held.keys()]))
  const within = imagesIndex(images)
  return mapInTurns(claims, (claim): MatchedClaim => {
    const ids = [
      ...new Set(
        claim.names.flatMap((name) => idsByName.get(name) ?? []).map(({ vulnerability }) => vulnerability),
      ),
    ].filter((id) => held.has(id))
    const meant = claim.image ? imagesMeant(claim.image, within, host) : []
    const scope = claim.image && scopeOf(claim.image, meant)
    const placed: PlacedClaim = {
      ...claim,
      vulnerabilities: ids.length > 0 ? ids : claim.names.slice(0, 1),
      ...(scope ? { scope } : {}),
    }
    const unmatched = (reason: VexRefusalReason, message: string) => ({ claim: placed, reason, message })
    if (ids.length === 0)
      return unmatched('no_such_vulnerability', `no image has ${claim.names.slice(0, 5).join(', ')}`)
    if (claim.image && meant.length === 0)
      return unmatched('no_such_image', `there is no image ${imageName(claim.image)}`)
    const places = claim.image ? [...new Set(meant.map(({ set }) => set))] : [held]
    const isIn = (place: (typeof places)[number]) =>
      // An image that waits to be read may have it.
      place === null ||
      ids.some((id) =>
        (typeof place === 'number' ? inSets.get(place) : place)
          ?.get(id)
          ?.some(({ purl }) => claim.purl === undefined || purlCovers(claim.purl, purl)),
      )
    if (places.some(isIn)) return placed
    const where = claim.image ? imageName(claim.image) : 'no package'
    return unmatched(
      'no_such_package',
      claim.image
        ? `${where} has no ${ids.join(', ')}${claim.purl ? ` in ${claim.purl}` : ''}`
        : `${where} that has ${ids.join(', ')} is ${claim.purl}`,
    )
  })
}

/** By set and vulnerability: a document may name one image ten thousand times, and that image have as many findings. */
function findingsIndex(findings: readonly (HeldFinding & { readonly set: number })[]) {
  const index = new Map<number, Map<string, HeldFinding[]>>()
  for (const finding of findings) {
    const ofSet = index.get(finding.set) ?? new Map<string, HeldFinding[]>()
    index.set(finding.set, ofSet)
    const known = ofSet.get(finding.vulnerability)
    if (known) known.push(finding)
    else ofSet.set(finding.vulnerability, [finding])
  }
  return index
}

function texts(claims: readonly VexClaim[], of: (image: VexImage) => string | undefined): readonly string[] {
  return [...new Set(claims.flatMap(({ image }) => (image && of(image)) ?? []))]
}

interface ImagesIndex {
  readonly byDigest: ReadonlyMap<string, readonly NamedImage[]>
  readonly byRepository: ReadonlyMap<string, readonly NamedImage[]>
}

function imagesIndex(images: readonly NamedImage[]): ImagesIndex {
  const byDigest = new Map<string, NamedImage[]>()
  for (const image of images)
    for (const digest of new Set([image.digest, image.index_digest])) {
      if (digest === '') continue
      const known = byDigest.get(digest)
      if (known) known.push(image)
      else byDigest.set(digest, [image])
    }
  return { byDigest, byRepository: Map.groupBy(images, ({ repository }) => repository) }
}

/** A digest says which image it is, whatever it is called besides. */
function imagesMeant(
  { digest, registry, repository = '', tag, architecture }: VexImage,
  { byDigest, byRepository }: ImagesIndex,
  host: string,
): readonly NamedImage[] {
  const suits = (image: NamedImage) => architecture === undefined || image.architecture === architecture
  if (digest !== undefined) return (byDigest.get(digest) ?? []).filter(suits)
  return (byRepository.get(repository) ?? []).filter(
    (image) =>
      suits(image) &&
      (tag === undefined || image.tag === tag) &&
      (registry === undefined ||
        sameHost(image.registry, registry) ||
        (image.registry === '' && sameHost(host, registry))),
  )
}

function sameHost(one: string, other: string): boolean {
  return hostName(one) === hostName(other)
}

function hostName(host: string): string {
  const plain = host
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/$/, '')
  return /^(?:index|registry-1|registry\.hub)\.docker\.(?:io|com)$/.test(plain) ? 'docker.io' : plain
}

/** As exclusions name images. One architecture of many can only be told by the digests of its images. */
function scopeOf(image: VexImage, meant: readonly NamedImage[]): VexImageScope | undefined {
  const { digest, registry, repository, tag, architecture } = image
  if (architecture !== undefined && meant.length > 0 && (digest === undefined || meant[0]?.digest !== digest))
    return { digest: [...new Set(meant.map((one) => one.digest))].sort() }
  if (digest !== undefined) return { digest: [digest] }
  if (repository === undefined) return undefined
  const registries =
    meant.length > 0 ? [...new Set(meant.map((one) => one.registry))].sort() : [registry ?? '']
  return {
    ...(registry === undefined ? {} : { registry: registries }),
    repository: [repository],
    ...(tag === undefined ? {} : { tag: [tag] }),
  }
}

function imageName({ registry, repository, tag, digest, architecture }: VexImage): string {
  const name = [registry, repository].filter(Boolean).join('/')
  const rest = `${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`
  return `${name}${name ? rest : rest.slice(1)}${architecture ? ` for ${architecture}` : ''}`
}
