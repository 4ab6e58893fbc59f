import { readManifest } from './manifest.ts'

/** The revision that `openStore` would open, or undefined when there is no store: a cheap question for those who wait. */
export function storeRevision(folder: string): string | undefined {
  return readManifest(folder)?.revision
}
