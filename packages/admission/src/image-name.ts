import { type Digest, isDigest } from '@lanner/model'

/** An image as a container names it, in full: `nginx` has become `docker.io`, `library/nginx`, `latest`. */
export interface ImageName {
  /** Host with its port if any, lower case. */
  readonly registry: string
  readonly repository: string
  /** Absent where there is a digest, which is what a node pulls by. */
  readonly tag?: string
  readonly digest?: Digest
}

/** Why a text names no image. */
export interface MalformedName {
  readonly problem: string
}

const dockerHub = 'docker.io'
const longest = 1024
const mostRepository = 255

// Grammar of https://pkg.go.dev/github.com/distribution/reference, by which nodes read the field; every repetition consumes
// a character that its successor cannot.
const pathPart = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
const tagShape = /^\w[\w.-]{0,127}$/
const hostLabel = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/
const ipv6 = /^\[[0-9A-Fa-f:.]{2,45}\]$/

/**
 * Reads the `image` of a container with the defaults of container runtimes: no host means Docker Hub, a single name there
 * lies in `library/`, neither tag nor digest means `latest`; of tag and digest the digest is pulled.
 * https://kubernetes.io/docs/concepts/containers/images/#image-names
 */
export function readImageName(text: string): ImageName | MalformedName {
  if (text === '') return { problem: 'it is empty' }
  if (text.length > longest)
    return { problem: `it has ${text.length} characters; at most ${longest} are read` }
  if (/\s/.test(text)) return { problem: 'it has white space in it' }
  const scheme = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text)?.[0]
  if (scheme !== undefined) return { problem: `leave out ${scheme}` }
  const at = text.indexOf('@')
  const digest = at < 0 ? undefined : text.slice(at + 1)
  const { name, tag } = splitTag(at < 0 ? text : text.slice(0, at))
  const { registry, path } = splitRegistry(name)
  const problem = registryProblem(registry) ?? pathProblem(path) ?? tagProblem(tag) ?? digestProblem(digest)
  if (problem !== undefined) return { problem }
  const hub = registry === dockerHub || registry === 'index.docker.io'
  return {
    registry: hub ? dockerHub : registry.toLowerCase(),
    repository: hub && !path.includes('/') ? `library/${path}` : path,
    ...(isDigest(digest) ? { digest } : { tag: tag ?? 'latest' }),
  }
}

/** `docker.io/library/nginx:latest`, `registry:5000/a/b@sha256:…`. */
export function formatImageName({ registry, repository, tag, digest }: ImageName): string {
  const name = registry === '' ? repository : `${registry}/${repository}`
  return digest === undefined ? `${name}:${tag}` : `${name}@${digest}`
}

/** A colon before the last slash belongs to a port. */
function splitTag(text: string): { readonly name: string; readonly tag?: string } {
  const colon = text.lastIndexOf(':')
  if (colon < 0 || text.includes('/', colon)) return { name: text }
  return { name: text.slice(0, colon), tag: text.slice(colon + 1) }
}

/** What stands before the first slash is a host if it could be no repository: it has a dot, a port, a capital, or is `localhost`. */
function splitRegistry(name: string): { readonly registry: string; readonly path: string } {
  const slash = name.indexOf('/')
  const first = slash < 0 ? '' : name.slice(0, slash)
  if (first === 'localhost' || /[.:[A-Z]/.test(first)) return { registry: first, path: name.slice(slash + 1) }
  return { registry: dockerHub, path: name }
}

function registryProblem(registry: string): string | undefined {
  const port = /:(?<port>\d{1,5})$/.exec(registry)?.groups?.['port']
  const host = port === undefined ? registry : registry.slice(0, -port.length - 1)
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))
    return `the port ${port} is not between 1 and 65535`
  const good = ipv6.test(host)
    ? URL.canParse(`http://${host}`)
    : host.length <= 253 && host.split('.').every((label) => hostLabel.test(label))
  return good ? undefined : `${quoted(registry)} is not a host with an optional port`
}

function pathProblem(path: string): string | undefined {
  if (path === '') return 'the name of the repository is missing'
  if (path.length > mostRepository)
    return `the repository has ${path.length} characters; at most ${mostRepository} are allowed`
  if (/^[0-9a-f]{64}$/.test(path))
    return '64 hex digits are the id of an image, which no registry is asked for'
  const wrong = path.split('/').find((part) => !pathPart.test(part))
  if (wrong === undefined) return undefined
  return wrong === ''
    ? 'the repository has an empty part between slashes'
    : `the repository part ${quoted(wrong)} is not lower-case letters and digits, separated by one of . _ __ or dashes`
}

function tagProblem(tag: string | undefined): string | undefined {
  if (tag === undefined || tagShape.test(tag)) return undefined
  return tag === '' ? 'the tag after the colon is missing' : `${quoted(tag)} is not a tag`
}

function digestProblem(digest: string | undefined): string | undefined {
  if (digest === undefined || isDigest(digest)) return undefined
  return `${quoted(digest)} is neither sha256: with 64 nor sha512: with 128 lower-case hex digits`
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}
