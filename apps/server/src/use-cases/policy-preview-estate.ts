import { setImmediate as turn } from 'node:timers/promises'
import { PlacesAsked, PolicyPreview, type PolicyRevision, type Preview } from '@lanner/policy'
import type { Database } from '../db/database.ts'
import type { PreviewImageRow } from '../db/preview-image.ts'
import { PreviewContents, type SetContent } from './policy-preview-content.ts'
import { type ImageSlice, type PreviewImage, PreviewImages, unassessedOf } from './policy-preview-images.ts'
import { addPlaced, sameSet } from './policy-preview-places.ts'

/** What is to be previewed. */
export interface EstatePreviewAsked {
  readonly cid: string
  readonly before: PolicyRevision
  readonly after: PolicyRevision
  /** Milliseconds since 1970. */
  readonly now: number
  /** Flips that are listed. */
  readonly most: number
}

interface Slice extends ImageSlice {
  readonly content: (setId: number) => SetContent
}

/**
 * Judges every image of a tenant by policies as they are and as they would be, all at one moment of the database. Images are
 * read in slices, the next while the last is judged; memory does not grow with their number.
 */
export function previewEstate(
  database: Database,
  { cid, before, after, now, most }: EstatePreviewAsked,
  signal: AbortSignal,
): Promise<Preview> {
  const preview = new PolicyPreview(before, after, now, most)
  return database
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (inside) => {
      const images = new PreviewImages(inside, cid, preview.asked)
      const contents = new PreviewContents(inside, preview)
      const read = async (last?: PreviewImageRow): Promise<Slice> => {
        const slice = await images.slice(last)
        const sets = new Set(slice.rows.map((row) => row.set_id ?? 0))
        return { ...slice, content: sets.size > 0 ? await contents.load([...sets]) : () => none }
      }
      let next: Promise<Slice> | undefined = read()
      try {
        while (next) {
          const slice: Slice = await next
          const last = slice.rows.at(-1)
          next = last && read(last)
          // Told when it is waited for.
          next?.catch(() => undefined)
          const waiting = await judge(preview, slice, signal)
          // One statement at a time: a transaction has a single connection.
          await next
          for (const same of waiting) await addPlaced(preview, inside, cid, same, signal)
        }
      } finally {
        await next?.catch(() => undefined)
      }
      await judgeUnread(preview, images, signal)
      return preview.result()
    })
}

const none: SetContent = { packages: [], findings: [] }

/** Gives the images, those of one set together, that cannot be judged without knowing where their packages lie. */
async function judge(
  preview: PolicyPreview,
  { rows, content, image }: Slice,
  signal: AbortSignal,
): Promise<readonly (readonly PreviewImage[])[]> {
  const waiting: PreviewImage[][] = []
  let set: { readonly id: number; readonly content: SetContent } | undefined
  for (const row of rows) {
    const unassessed = unassessedOf(row)
    if (unassessed) {
      preview.addUnassessed(unassessed)
      continue
    }
    const id = row.set_id ?? 0
    if (set?.id !== id) {
      // What is read meanwhile goes on, and an abort is heard.
      await turn()
      signal.throwIfAborted()
      set = { id, content: content(id) }
    }
    const known = image(row, set.content)
    if (add(preview, known)) continue
    const group = waiting.at(-1)
    if (group?.[0] && sameSet(group[0].facts, known.facts)) group.push(known)
    else waiting.push([known])
  }
  return waiting
}

function add(preview: PolicyPreview, { facts }: PreviewImage): boolean {
  try {
    preview.add(facts)
    return true
  } catch (error) {
    if (error instanceof PlacesAsked) return false
    throw error
  }
}

async function judgeUnread(
  preview: PolicyPreview,
  images: PreviewImages,
  signal: AbortSignal,
): Promise<void> {
  for (let last: PreviewImageRow | undefined; ; ) {
    signal.throwIfAborted()
    const rows = await images.unread(last)
    for (const row of rows) {
      const unassessed = unassessedOf(row)
      if (unassessed) preview.addUnassessed(unassessed)
    }
    last = rows.at(-1)
    if (!last) return
  }
}
