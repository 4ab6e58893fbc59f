/** Maven's `groupId:artifactId:version`; the group only where something says so. */
export interface Coordinates {
  readonly group?: string
  readonly artifact: string
  readonly version: string
}

const idShape = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/
const versionShape = /^[A-Za-z0-9][A-Za-z0-9._+~-]{0,127}$/

/** Whether the text can be a groupId or artifactId. https://maven.apache.org/pom.html#maven-coordinates */
export function isMavenId(text: string | undefined): text is string {
  return text !== undefined && idShape.test(text)
}

/** Whether the text can be a released version: one word with a digit in it. */
export function isMavenVersion(text: string | undefined): text is string {
  return text !== undefined && versionShape.test(text) && /\d/.test(text)
}

/**
 * Reads a pom.properties as Maven's archiver writes it (a Java properties file of three keys). The group may be missing;
 * undefined without artifact and version, or where a placeholder (`${project.version}`) was never filled in.
 * https://maven.apache.org/shared/maven-archiver/#pom-properties-content
 */
export function parsePomProperties(text: string): Coordinates | undefined {
  const values = new Map<string, string>()
  for (const line of text.split(/\r\n|\n|\r/)) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed[0] === '#' || trimmed[0] === '!') continue
    // The first of the two separators ends the key.
    const end = trimmed.search(/[=:]/)
    if (end > 0) values.set(trimmed.slice(0, end).trim(), trimmed.slice(end + 1).trim())
  }
  const group = values.get('groupId')
  const artifact = values.get('artifactId')
  const version = values.get('version')
  if (!artifact || !version || /[\s${}]/.test(artifact + version)) return undefined
  return { ...(isMavenId(group) ? { group } : {}), artifact, version }
}

const archiveEnding = /\.[A-Za-z]+$/

/** `lib/guava-31.1-jre.jar` -> `guava-31.1-jre`. */
export function archiveStem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(archiveEnding, '')
}

/** What Maven adds behind the version for platforms and for variants of the same code; not `-jre`, which is a version's. */
const classifier =
  /-(?:(?:linux|osx|windows|natives)(?:-[\w-]+)?|sources|tests?|shaded|all|standalone|jar-with-dependencies|jakarta|no_aop)$/

/**
 * Splits `name-1.2.3` at the last hyphen before a digit; a snapshot's timestamp belongs to its version
 * (`name-1.0-20240102.030405-6`). Undefined without a version.
 */
export function splitStem(stem: string): Coordinates | undefined {
  if (stem.length > 256) return undefined
  const timestamp = /-\d{8}\.\d{6}-\d{1,9}$/.exec(stem)
  const searched = timestamp ? stem.slice(0, timestamp.index) : stem
  for (let hyphen = searched.lastIndexOf('-'); hyphen > 0; hyphen = searched.lastIndexOf('-', hyphen - 1)) {
    const digit = searched.charCodeAt(hyphen + 1)
    if (!(digit >= 48 && digit <= 57)) continue
    const artifact = stem.slice(0, hyphen)
    const version = stem.slice(hyphen + 1).replace(classifier, '')
    return isMavenId(artifact) && isMavenVersion(version) ? { artifact, version } : undefined
  }
  return undefined
}
