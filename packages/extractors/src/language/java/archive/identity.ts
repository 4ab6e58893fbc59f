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
  const start = stem.startsWith(`${artifact}-`) ? 0 : stem.indexOf(`.${artifact}-`) + 1
  if (start === 0 && !stem.startsWith(artifact)) return false
  const rest = stem.slice(start + artifact.length + 1)
  return /^\d/.test(rest) || rest.includes(version)
}

/**
 * The identity of an archive without coordinates of its own, from its manifest and its file name.
 *
 * 1. A Jenkins plugin's manifest states all three (`Group-Id`, `Short-Name`, `Plugin-Version`): `embedded`.
 * 2. Else `inferred`. A file name `artifact-1.2` counts most: it is how Maven names files, while titles are written for
 *    people and versions in manifests are forgotten there; `artifact-1` needs a manifest that agrees. Then `Implementation-Title` and `Bundle-SymbolicName` with a
 *    version of the manifest, then the file name alone, then a file name without a version and the manifest's version.
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

function nameAndVersion(stem: string, manifest: Manifest): Coordinates | undefined {
  const versions: string[] = []
  for (const key of ['implementation-version', 'bundle-version', 'specification-version']) {
    // `1.4 1855 April 22 2006`: the first word is the version where a date follows.
    const word = manifest.get(key)?.split(' ', 1)[0]
    if (isMavenVersion(word)) versions.push(word)
  }
  const split = splitStem(stem)
  if (split && (isDotted(split.version) || versions.some((version) => agree(split.version, version))))
    return split
  if (versions.length > 0) {
    const title = manifest.get('implementation-title')
    // One word alone (`JDBC`, `Axis`) is a heading, not an artifact.
    if (isMavenId(title) && /[.-]/.test(title)) return { artifact: title, version: versions[0] }
    const bundle = symbolicName(manifest)
    if (bundle) return { artifact: bundle, version: versions[0] }
  }
  if (split) return split
  if (versions.length === 0 || !isMavenId(stem)) return undefined
  // A specification's version alone says nothing of the archive that implements it.
  const stated = manifest.get('implementation-version') ?? manifest.get('bundle-version')
  return stated === undefined ? undefined : { artifact: stem, version: versions[0] }
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
