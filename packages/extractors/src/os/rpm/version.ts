/** `epoch:version-release`, the epoch left out when absent or 0. */
export function rpmVersion(epoch: number | undefined, versionRelease: string): string {
  return epoch ? `${epoch}:${versionRelease}` : versionRelease
}

/**
 * The source package, from the file name of its rpm: `name-version-release.src.rpm` (or `.nosrc.rpm`). The name has no epoch:
 * rpm builds every package of a source with the same unless told otherwise, so the package's own is taken.
 * The version is left out where it is the package's.
 */
export function rpmSource(
  fileName: string | undefined,
  epoch: number | undefined,
  packageVersion: string,
): { name: string; version?: string } | undefined {
  if (fileName === undefined || fileName.length > 1024) return undefined
  const stem = fileName.endsWith('.nosrc.rpm') ? fileName.slice(0, -10) : fileName.replace(/\.src\.rpm$/, '')
  if (stem === fileName) return undefined
  const parts = stem.split('-')
  if (parts.length < 3) return undefined
  const version = rpmVersion(epoch, parts.slice(-2).join('-'))
  return { name: parts.slice(0, -2).join('-'), ...(version === packageVersion ? {} : { version }) }
}
