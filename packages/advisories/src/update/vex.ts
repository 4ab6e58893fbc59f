import { AdvisoryFault } from '../fault.ts'
import { readVexDocument } from '../sources/redhat-vex/documents.ts'
import type { SourceState } from '../store/manifest.ts'
import { fetchChanges, parseVexChange } from './changes.ts'
import { type Downloads, download, fetchSmall } from './download.ts'
import { hoursSince, type Plan, planChanges } from './plan.ts'
import { feedCaps, wholeAfterHours } from './settings.ts'

/**
 * Red Hat's VEX folder: `archive_latest.txt` names an archive of everything, `changes.csv` lists documents, newest first.
 * https://redhatproductsecurity.github.io/security-data-guidelines/csaf-vex/#data-changes-and-archives
 */
export async function planVex(
  downloads: Downloads,
  base: string,
  state: SourceState | undefined,
  now: Date,
): Promise<Plan> {
  const known = state?.seen ?? state?.newest
  if (known !== undefined && hoursSince(state?.whole, now) < wholeAfterHours) {
    const list = await fetchChanges(downloads, `${base}/changes.csv`, known, parseVexChange)
    if (list.changes?.length === 0) return { kind: 'unchanged' }
    if (list.changes !== undefined) {
      return await planChanges(
        downloads,
        list.changes,
        list.newest,
        (change) => `${base}/${change.name}`,
        readVexDocument,
      )
    }
  }
  const name = (await fetchSmall(downloads, `${base}/archive_latest.txt`, 4_096)).toString().trim()
  if (!/^[A-Za-z0-9._-]{1,200}\.tar(?:\.gz|\.zst)$/.test(name)) {
    throw new AdvisoryFault('malformed', `${base}/archive_latest.txt does not name an archive`)
  }
  const file = await download(downloads, 'redhat-vex', `${base}/${name}`, feedCaps.vexArchive)
  return file === 'unchanged' ? { kind: 'unchanged' } : { kind: 'whole', file }
}
