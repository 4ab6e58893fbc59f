import { type Digest, Fault, parseDigest } from '@lanner/model'

/** A text that names no image. */
export class ReferenceFault extends Fault<'malformed'> {}

/**
 * Where an image lies in a registry, in full: `debian` has become `docker.io`, `library/debian`, `latest`. Without a tag
 * there is always a digest. https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
 */
export interface Reference {
  /** Host as people write it, with its port if any: `docker.io`, `localhost:5000`, `[::1]:5000`. Lower case. */
  readonly registry: string
  readonly repository: string
  readonly tag?: string
  readonly digest?: Digest
}

const dockerHub = 'docker.io'
/** Other names under which Docker Hub is written. */
const dockerHubAliases: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io'])

const maxText = 1_024
/** Distribution specification: many clients impose it on the name. */
const maxRepository = 255
const maxTag = 128
/** RFC 1035 section 2.3.4. */
const maxHost = 253

// Grammar of the distribution specification; every repetition consumes a character that its successor cannot.
const pathComponent = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
const tagShape = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/
const hostLabel = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/
const ipv6Literal = /^\[[0-9A-Fa-f:.]{2,45}\]$/
const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//

/**
 * Reads `debian`, `debian:12`, `ghcr.io/a/b:tag`, `localhost:5000/a@sha256:…`, `name:tag@digest` with Docker's
 * normalisation: no registry means Docker Hub, a single name there lies in `library/`, neither tag nor digest means
 * `latest`. Throws `ReferenceFault`, whose message names the part that is wrong.
 */
export function parseReference(text: string): Reference {
  const whole = text.trim()
  const fail = (reason: string): never => {
    throw new ReferenceFault('malformed', `${quoted(whole)} is not an image reference: ${reason}`)
  }
  if (whole === '') fail('it is empty')
  if (whole.length > maxText) fail(`it has ${whole.length} characters; at most ${maxText} are read`)
  const prefix = scheme.exec(whole)
  if (prefix) fail(`leave out ${prefix[0]}`)

  const { name, tag, digest } = splitName(whole, fail)
  const { registry, path } = splitRegistry(name)
  checkRegistry(registry, fail)
  const hub = dockerHubAliases.has(registry.toLowerCase())
  const repository = hub && !path.includes('/') ? `library/${path}` : path
  checkRepository(path, repository, fail)
  if (tag !== undefined) checkTag(tag, fail)
  const parsed = digest === undefined ? undefined : parseDigest(digest)
  if (digest !== undefined && !parsed) {
    fail(`the digest ${quoted(digest)} is neither sha256: with 64 nor sha512: with 128 lower-case hex digits`)
  }
  return {
    registry: hub ? dockerHub : registry.toLowerCase(),
    repository,
    ...(tag !== undefined ? { tag } : parsed ? {} : { tag: 'latest' }),
    ...(parsed ? { digest: parsed } : {}),
  }
}

/** In full: `docker.io/library/debian:12`, with `@digest` where there is one. */
export function formatReference(reference: Reference): string {
  const tag = reference.tag === undefined ? '' : `:${reference.tag}`
  const digest = reference.digest === undefined ? '' : `@${reference.digest}`
  return `${reference.registry}/${reference.repository}${tag}${digest}`
}

/**
 * Reads the name of a registry alone: `ghcr.io`, `localhost:5000`. Throws `ReferenceFault`.
 */
export function parseRegistry(text: string): string {
  const whole = text.trim()
  const fail = (reason: string): never => {
    throw new ReferenceFault('malformed', `${quoted(whole)} is not a registry: ${reason}`)
  }
  if (whole.length > maxText) fail('it is too long')
  const prefix = scheme.exec(whole)
  if (prefix) fail(`leave out ${prefix[0]}`)
  checkRegistry(whole, fail)
  return dockerHubAliases.has(whole.toLowerCase()) ? dockerHub : whole.toLowerCase()
}

/** Reads the name of a repository as the registry knows it: `library/debian`. Throws `ReferenceFault`. */
export function parseRepository(text: string): string {
  checkRepository(text, text, (reason) => {
    throw new ReferenceFault('malformed', `${quoted(text.slice(0, maxText))} is not a repository: ${reason}`)
  })
  return text
}

/** Whether a text can be a tag. */
export function isTag(text: unknown): text is string {
  return typeof text === 'string' && text.length <= maxTag && tagShape.test(text)
}

/** Host and port that serve a registry: Docker Hub's API does not live under its name. */
export function registryEndpoint(registry: string): string {
  return registry === dockerHub ? 'registry-1.docker.io' : registry
}

type Fail = (reason: string) => never

function splitName(whole: string, fail: Fail): { name: string; tag?: string; digest?: string } {
  const at = whole.indexOf('@')
  const digest = at < 0 ? undefined : whole.slice(at + 1)
  const rest = at < 0 ? whole : whole.slice(0, at)
  if (rest === '') fail('the name before @ is missing')
  const colon = rest.lastIndexOf(':')
  // A colon before the last slash belongs to a port.
  if (colon < 0 || rest.indexOf('/', colon) >= 0) return { name: rest, digest }
  const name = rest.slice(0, colon)
  if (name === '') fail('the name before the tag is missing')
  return { name, tag: rest.slice(colon + 1), digest }
}

/** The first component is a registry if it could not be a repository: it has a dot, a port, a capital, or is `localhost`. */
function splitRegistry(name: string): { registry: string; path: string } {
  const slash = name.indexOf('/')
  if (slash < 0) return { registry: dockerHub, path: name }
  const first = name.slice(0, slash)
  if (first === 'localhost' || /[.:A-Z[]/.test(first)) return { registry: first, path: name.slice(slash + 1) }
  return { registry: dockerHub, path: name }
}

function checkRegistry(registry: string, fail: Fail): void {
  const portAt = /:(\d{1,5})$/.exec(registry)
  const host = portAt ? registry.slice(0, portAt.index) : registry
  if (portAt && (Number(portAt[1]) < 1 || Number(portAt[1]) > 65_535)) {
    fail(`the port ${portAt[1]} is not between 1 and 65535`)
  }
  if (ipv6Literal.test(host)) {
    if (!URL.canParse(`http://${host}`)) fail(`the registry ${quoted(host)} is not an IPv6 address`)
    return
  }
  const labels = host.split('.')
  if (host === '' || host.length > maxHost || labels.some((label) => !isHostLabel(label))) {
    fail(`the registry ${quoted(registry)} is not a host name with an optional port`)
  }
}

function isHostLabel(label: string): boolean {
  return label.length <= 63 && hostLabel.test(label)
}

function checkRepository(path: string, repository: string, fail: Fail): void {
  if (repository.length > maxRepository) {
    fail(`the repository has ${repository.length} characters; at most ${maxRepository} are allowed`)
  }
  if (/^[0-9a-f]{64}$/.test(path)) fail('64 hex digits are an image id, not a repository')
  for (const component of path.split('/')) {
    if (component === '') fail('the repository has an empty part between slashes')
    if (pathComponent.test(component)) continue
    const lower = component.toLowerCase()
    if (lower !== component && pathComponent.test(lower)) {
      fail(`the repository part ${quoted(component)} must be in lower case`)
    }
    fail(
      `the repository part ${quoted(component)} must be lower-case letters and digits, separated by one of . _ __ or dashes`,
    )
  }
}

function checkTag(tag: string, fail: Fail): void {
  if (tag === '') fail('the tag after the colon is missing')
  if (tag.length > maxTag) fail(`the tag has ${tag.length} characters; at most ${maxTag} are allowed`)
  if (!isTag(tag)) {
    fail(`the tag ${quoted(tag)} must be letters, digits, . _ or -, and not begin with . or -`)
  }
}

/** JSON escapes whatever could upset a terminal. */
function quoted(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}…` : text)
}
