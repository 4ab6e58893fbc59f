import { createHash } from 'node:crypto'
import type { Distribution, Package, PackageFacts } from '@lanner/model'

/** A context's identity: which distribution, by everything that its feeds are chosen by, and which repositories. */
export function contextIdentity(
  distribution: Distribution | undefined,
  repositoryCpes: readonly string[],
): Buffer {
  return hash([distribution ?? null, [...repositoryCpes].sort()])
}

/**
 * A package's identity: everything that matching or people read of it. Where in an image it lies is no part of it, nor who
 * owns its files: images share packages whatever their layers are.
 */
export function packageIdentity(pack: PackageFacts & { readonly purl: string }, context: Buffer): Buffer {
  return hash([context.toString('hex'), sharedFacts(pack)])
}

/** What of a package is the same wherever it lies, in one order of members. */
export function sharedFacts(
  pack: PackageFacts & { readonly purl: string },
): PackageFacts & { readonly purl: string } {
  const {
    type,
    namespace,
    name,
    version,
    purl,
    arch,
    source,
    licenses,
    module,
    vendor,
    qualifiers,
    subpath,
  } = pack
  return {
    type,
    ...(namespace === undefined ? {} : { namespace }),
    name,
    version,
    purl,
    ...(arch === undefined ? {} : { arch }),
    ...(source === undefined ? {} : { source }),
    ...(licenses === undefined ? {} : { licenses }),
    ...(module === undefined ? {} : { module }),
    ...(vendor === undefined ? {} : { vendor }),
    ...(qualifiers === undefined ? {} : { qualifiers }),
    ...(subpath === undefined ? {} : { subpath }),
    confidence: 'declared',
  }
}

/** A set's identity: its packages in order, and which of them are suppressed. */
export function setIdentity(
  members: readonly { readonly packageId: number; readonly suppressed: boolean }[],
): Buffer {
  return hash(members.map(({ packageId, suppressed }) => (suppressed ? -packageId : packageId)))
}

/** Namespace and name as people write them: `@babel/core`, `org.apache.logging.log4j:log4j-core`. */
export function displayName({ type, namespace, name }: Pick<Package, 'type' | 'namespace' | 'name'>): string {
  if (namespace === undefined || namespace === '') return name
  return type === 'maven' ? `${namespace}:${name}` : `${namespace}/${name}`
}

function hash(value: unknown): Buffer {
  return createHash('sha256').update(JSON.stringify(value)).digest()
}
