import { isDigest } from '@lanner/model'
import { UsageError } from '../exit.ts'

/** An image as it is named on a command line, in the platform's own terms. */
export interface GateImage {
  /** Host of another registry; undefined: any. */
  readonly registry?: string
  /** It was pushed to the platform itself. */
  readonly pushed?: true
  readonly repository: string
  readonly tag?: string
  readonly digest?: string
}

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests */
const repositoryShape = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/
const hostShape = /^(?:\[[0-9a-f:.]{2,45}\]|[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)(?::\d{1,5})?$/
const tagShape = /^\w[\w.-]{0,127}$/
const dockerHub = /^(?:index\.docker\.io|registry-1\.docker\.io|registry\.hub\.docker\.com)$/

/**
 * Reads `repository:tag`, `repository@digest` or both, with a registry's host in front or without. The host of the platform
 * itself stands for what was pushed to it. Throws UsageError.
 */
export function parseImage(text: string, platform: string, command: string): GateImage {
  const refuse = (why: string): never => {
    throw new UsageError(`${JSON.stringify(text.slice(0, 200))} is no image: ${why}`, command)
  }
  if (text.length > 1000) refuse('it is too long')
  const [named = '', digest, ...more] = text.split('@')
  if (more.length > 0 || (digest !== undefined && !isDigest(digest)))
    refuse('what stands after @ is no digest such as sha256:…')
  const { host, path } = splitHost(named)
  if (host !== undefined && !hostShape.test(host)) refuse(`${JSON.stringify(host)} is no host`)
  const colon = path.lastIndexOf(':')
  const repository = colon < 0 ? path : path.slice(0, colon)
  const tag = colon < 0 ? undefined : path.slice(colon + 1)
  if (!repositoryShape.test(repository) || repository.length > 255)
    refuse('a repository is written like shop/checkout, in lower case')
  if (tag !== undefined && !tagShape.test(tag)) refuse(`${JSON.stringify(tag)} is no tag`)
  if (tag === undefined && digest === undefined)
    refuse(`it needs a tag or a digest, such as ${repository}:1.8.2`)
  return {
    ...registryOf(host, repository, platform),
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  }
}

/** The first part is a host if it looks like one, as every client of registries takes it. */
function splitHost(named: string): { readonly host: string | undefined; readonly path: string } {
  const slash = named.indexOf('/')
  const first = named.slice(0, Math.max(0, slash))
  if (!/[.:]/.test(first) && first !== 'localhost') return { host: undefined, path: named }
  return { host: first.toLowerCase(), path: named.slice(slash + 1) }
}

function registryOf(
  host: string | undefined,
  repository: string,
  platform: string,
): Pick<GateImage, 'registry' | 'pushed' | 'repository'> {
  if (host === undefined) return { repository }
  if (host === URL.parse(platform)?.host) return { pushed: true, repository }
  if (host !== 'docker.io' && !dockerHub.test(host)) return { registry: host, repository }
  return {
    registry: 'docker.io',
    repository: repository.includes('/') ? repository : `library/${repository}`,
  }
}
