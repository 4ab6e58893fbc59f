import type { FixState } from '@lanner/model'
import type { AffectedPackage } from './advisory.ts'
import { ascending, type InstalledVersion } from './version-order.ts'

/**
 * The entry's fixed versions that lie above the installed one, lowest first. Where the installed version has no order, all
 * of them: a reader can still see what to upgrade to.
 */
export function fixesAbove(entry: AffectedPackage, installed: InstalledVersion): readonly string[] {
  const fixes: string[] = []
  for (const range of entry.ranges) {
    for (const event of range.events) {
      if (!('fixed' in event)) continue
      const place = installed.against(event.fixed)
      if (place === 'less' || place === 'unknown') fixes.push(event.fixed)
    }
  }
  return fixes.length < 2 ? fixes : ascending(installed.scheme, fixes)
}

/**
 * The feed's own state first. Else a fix above the installed version means fixed; a range that simply goes on means that
 * there is none; one that ends at a last affected version, or an enumeration, leaves open whether there is.
 */
export function fixStateOf(entry: AffectedPackage, fixesAboveInstalled: readonly string[]): FixState {
  if (entry.fixState && !(entry.fixState === 'not-fixed' && fixesAboveInstalled.length > 0))
    return entry.fixState
  if (fixesAboveInstalled.length > 0) return 'fixed'
  if (entry.ranges.length === 0) return 'unknown'
  return entry.ranges.some((range) =>
    range.events.some((event) => 'lastAffected' in event || 'limit' in event),
  )
    ? 'unknown'
    : 'not-fixed'
}
