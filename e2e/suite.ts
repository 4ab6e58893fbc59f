import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'

/** The repository. */
export const root = join(import.meta.dirname, '..')

/** Where the suite keeps everything that it makes; e2e/main.ts removes it at the end. */
export const suiteFolder = ((): string => {
  const folder = process.env['LANNER_E2E_FOLDER']
  if (!folder) throw new Error('the end-to-end tests are run by `npm run e2e`, which tidies up after them')
  return folder
})()

/** Real advisories, where the machine has them. */
export const testData = process.env['LANNER_TEST_DATA']

/** A new folder of the suite. */
export function newFolder(name: string): string {
  return mkdtempSync(join(suiteFolder, `${name}-`))
}

export function madeFolder(...parts: readonly string[]): string {
  const folder = join(...parts)
  mkdirSync(folder, { recursive: true })
  return folder
}
