import { comparator, type Order, order, type SchemeId, schemes } from '@lanner/versions'

/** One installed version, ready to be compared with many others. */
export interface InstalledVersion {
  readonly scheme: SchemeId
  readonly text: string
  /** The place of the installed version relative to `other`. */
  against(other: string): Order
}

/** The version, parsed once. */
export function installedVersion(scheme: SchemeId, text: string): InstalledVersion {
  return { scheme, text, against: comparator(schemes[scheme], text) }
}

/** Versions in ascending order, without repetition; those that the scheme cannot order keep their place at the end. */
export function ascending(scheme: SchemeId, versions: Iterable<string>): string[] {
  const distinct = [...new Set(versions)]
  if (distinct.length < 2) return distinct
  const ordered = distinct.filter((version) => order(schemes[scheme], version, version) !== 'unknown')
  const unordered = distinct.filter((version) => !ordered.includes(version))
  ordered.sort((a, b) => {
    const place = order(schemes[scheme], a, b)
    return place === 'less' ? -1 : place === 'greater' ? 1 : 0
  })
  return [...ordered, ...unordered]
}
