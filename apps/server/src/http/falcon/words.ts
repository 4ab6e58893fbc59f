import { packageKind } from '@lanner/contract/fields'
import type { Finding, PackageType, Severity } from '@lanner/model'

/** `Critical`, as lists and filters have it. */
export function titleCase(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}

const severityByRank: readonly Severity[] = ['unknown', 'negligible', 'low', 'medium', 'high', 'critical']

/** The word of a stored rank: 5 critical down to 0 unknown. */
export function severityWord(rank: number): string {
  return titleCase(severityByRank[rank] ?? 'unknown')
}

const cpsByRank = ['', 'Low', 'Medium', 'High', 'Critical'] as const

/** The word of a stored rank; '' for none. */
export function cpsWord(rank: number): string {
  return cpsByRank[rank] ?? ''
}

/** Package managers of distributions by Falcon's names. */
const providers: Partial<Readonly<Record<PackageType, string>>> = {
  deb: 'DPKG',
  rpm: 'RPM',
  apk: 'APK',
  alpm: 'PACMAN',
  opkg: 'OPKG',
}

/** `DPKG`; undefined for a language's package. */
export function packageProvider(type: PackageType): string | undefined {
  return providers[type]
}

/** `NODE`: the type of a group of application packages. */
export function languageWord(type: PackageType): string {
  return packageKind(type)
}

/** 0 where nobody is known to exploit it, 90 (actively used) where CISA's catalogue lists it. */
export function exploitedStatus(finding: Pick<Finding, 'vulnerability'>): number {
  return finding.vulnerability.exploited ? 90 : 0
}

/** The same in words. */
export function exploitedWord(exploited: boolean): string {
  return exploited ? 'Actively used' : 'Unproven'
}

/** Whole seconds with a Z: samples of every client parse exactly that. */
export function instant(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}
