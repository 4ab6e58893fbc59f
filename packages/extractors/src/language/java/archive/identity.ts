import type { Confidence } from '@lanner/model'
import { type Coordinates, isMavenId, isMavenVersion, splitStem } from './coordinates.ts'
import { familyGroup } from './families.ts'
import type { Manifest } from './manifest.ts'

export interface Identity extends Coordinates {
  readonly confidence: Confidence
}

/**
 * Which of the pom.properties in an archive is its own; the others were brought in by shading. Its own is the one that the
 * file name carries, else the only one there is, unless the file is named after another version of something else.
 */
export function ownCoordinates(stem: string, found: readonly Coordinates[]): Coordinates | undefined {
  const named = found.filter((coordinates) => carries(stem, coordinates))
  // `gizmo` and `gizmo-core` are both in `gizmo-core-1.0`: the longest says most.
  if (named.length > 0)
    return named.reduce((best, next) => (next.artifact.length > best.artifact.length ? next : best))
  if (found.length !== 1) return undefined
  const split = splitStem(stem)
  return split && split.version !== found[0].version ? undefined : found[0]
}

/** Whether the stem is the artifact, or the artifact and a version, perhaps behind a group (`io.quarkus.gizmo.gizmo-1.1`). */
function carries(stem: string, { artifact, version }: Coordinates): boolean {
  if (stem === artifact || stem.endsWith(`.${artifact}`)) return true
  const rest = behind(stem, artifact)
  if (rest === undefined) return false
  return /^\d/.test(rest) || rest.includes(version)
}

/** What follows `artifact-` at the beginning of the stem or behind a dot in it. */
function behind(stem: string, artifact: string): string | undefined {
  if (stem.startsWith(`${artifact}-`)) return stem.slice(artifact.length + 1)
  const dot = stem.indexOf(`.${artifact}-`)
  return dot < 0 ? undefined : stem.slice(dot + artifact.length + 2)
}

/**
 * The identity of an archive without coordinates of its own, from its manifest and its file name.
 *
 * 1. A Jenkins plugin's manifest states all three (`Group-Id`, `Short-Name`, `Plugin-Version`): `embedded`.
 * 2. Else `inferred`. Tomcat's own libraries are named by rules of their own (`tomcatLibrary`). A file name `artifact-1.2` counts most: it is how Maven names files, while titles are written for
 *    people and versions in manifests are forgotten there; `artifact-1` needs a manifest that agrees. Then
 *    `Implementation-Title` and `Bundle-SymbolicName` with the implementation's or bundle's version, then the file name
 *    alone, then a file name without a version and the manifest's. A specification's version names no archive.
 * 3. The group comes from, in this order: the folder of a pom.xml of that artifact (`META-INF/maven/<group>/<artifact>`),
 *    an Ivy title (`group#module;version`), the table of well-known families, and a symbolic name `<group>.<artifact>`
 *    of an artifact with a hyphen (without one `org.apache.ivy` may be the group itself). Otherwise it stays out;
 *    `Implementation-Vendor-Id` is no source of it (commons-compress says `org.apache`).
 *
 * Undefined when nothing gives both a name and a version.
 */
export function inferIdentity(
  stem: string,
  manifest: Manifest,
  pomFolders: readonly (readonly [group: string, artifact: string])[],
): Identity | undefined {
  const plugin = jenkinsPlugin(manifest)
  if (plugin) return plugin
  const tomcat = tomcatLibrary(stem, manifest)
  if (tomcat) return tomcat
  const named = nameAndVersion(stem, manifest)
  if (!named) return undefined
  const group = groupOf(named, manifest, pomFolders)
  return { ...(group ? { group } : {}), ...named, confidence: 'inferred' }
}

/** https://github.com/jenkinsci/maven-hpi-plugin writes these. */
function jenkinsPlugin(manifest: Manifest): Identity | undefined {
  const group = manifest.get('group-id')
  const artifact = manifest.get('short-name') ?? manifest.get('extension-name')
  // A snapshot's version is followed by who built it, in parentheses.
  const version = manifest.get('plugin-version')?.split(' ', 1)[0]
  if (!isMavenId(group) || !isMavenId(artifact) || !isMavenVersion(version)) return undefined
  return { group, artifact, version, confidence: 'embedded' }
}

/**
 * Tomcat's own build names files for its folders (`lib/catalina.jar` is `tomcat-catalina` on Maven Central) and titles them
 * all alike; its bundles are named `org.apache.<artifact>`. The starter lies in the distribution alone, which advisories
 * call `org.apache.tomcat:tomcat`.
 */
function tomcatLibrary(stem: string, manifest: Manifest): Identity | undefined {
  const title = manifest.get('implementation-title')
  const bundle = /^org\.apache\.(?<artifact>tomcat-.+)$/.exec(symbolicName(manifest) ?? '')?.groups?.[
    'artifact'
  ]
  if (bundle === undefined && title !== 'Apache Tomcat' && title !== 'Apache Tomcat Bootstrap')
    return undefined
  const version = [manifest.get('implementation-version'), manifest.get('bundle-version')].find(
    isMavenVersion,
  )
  if (version === undefined) return undefined
  const file = splitStem(stem)?.artifact ?? stem
  const named = bundle ?? (file.startsWith('tomcat-') ? file : `tomcat-${file}`)
  const artifact = title === 'Apache Tomcat Bootstrap' ? 'tomcat' : named
  if (!isMavenId(artifact)) return undefined
  const group = artifact.startsWith('tomcat-embed-') ? 'org.apache.tomcat.embed' : 'org.apache.tomcat'
  return { group, artifact, version, confidence: 'inferred' }
}

function nameAndVersion(stem: string, manifest: Manifest): Coordinates | undefined {
  const [implementation, bundle, specification] = ['implementation', 'bundle', 'specification'].map(
    (kind) =>
      // `1.4 1855 April 22 2006`: the first word is the version where a date follows.
      manifest.get(`${kind}-version`)?.split(' ', 1)[0],
  )
  const version = [implementation, bundle].find(isMavenVersion)
  const split = splitStem(stem)
  if (split && isDotted(split.version)) return split
  if (split && [version, specification].some((stated) => stated && agree(split.version, stated))) return split
  if (version === undefined) return split
  const title = manifest.get('implementation-title')
  // One word alone (`JDBC`, `Axis`) is a heading, not an artifact.
  if (isMavenId(title) && /[.-]/.test(title)) return { artifact: title, version }
  const name = symbolicName(manifest)
  if (name) return { artifact: name, version }
  return split ?? (isMavenId(stem) ? { artifact: stem, version } : undefined)
}

function isDotted(version: string): boolean {
  return /^\d+\.\d/.test(version)
}

/** `31.1-jre` and `31.1.0.jre`, `3.11` and `3.11.0`: the same leading numbers, as far as both go. */
function agree(a: string, b: string): boolean {
  const left = a.split(/[^0-9]+/)
  const right = b.split(/[^0-9]+/)
  const shared = Math.min(left.length, right.length, 2)
  for (let index = 0; index < shared; index++) {
    if (left[index] !== '' && right[index] !== '' && Number(left[index]) !== Number(right[index]))
      return false
  }
  return true
}

function symbolicName(manifest: Manifest): string | undefined {
  const name = manifest.get('bundle-symbolicname')?.split(';', 1)[0].trim()
  return isMavenId(name) ? name : undefined
}

function groupOf(
  { artifact, version }: Coordinates,
  manifest: Manifest,
  pomFolders: readonly (readonly [group: string, artifact: string])[],
): string | undefined {
  const groups = new Set(pomFolders.filter((folder) => folder[1] === artifact).map((folder) => folder[0]))
  if (groups.size === 1) return [...groups][0]
  const ivy = manifest.get('implementation-title')?.split('#')
  if (ivy?.length === 2 && isMavenId(ivy[0])) return ivy[0]
  const known = familyGroup(artifact, version)
  if (known) return known
  const bundle = symbolicName(manifest)
  if (!artifact.includes('-') || !bundle?.endsWith(`.${artifact}`)) return undefined
  const group = bundle.slice(0, -artifact.length - 1)
  return group.includes('.') ? group : undefined
}
