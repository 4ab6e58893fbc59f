import { createHash } from 'node:crypto'
import { globSync, statSync } from 'node:fs'
import { readdir, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { AdvisoryStore } from '@lanner/advisories'
import { storeRevision } from '@lanner/advisories/revision'
import type { CommandCall } from './command.ts'
import { compileProgress } from './output/advisories.ts'
import { OutputFault } from './output/write.ts'

const keptCopies = 4

export const advisoriesOption = {
  type: 'string',
  value: 'DIR',
  help: 'Advisory store to use, or a folder of advisories in the layout of the OSV bucket, which is compiled on first use. Default: the store that `lanner advisories` keeps.',
} as const

/** Options of the commands that keep the store. */
export const storeOptions = {
  store: {
    type: 'string',
    value: 'DIR',
    help: 'Folder of the store. Default: LANNER_ADVISORIES, else the cache folder.',
  },
  json: { type: 'boolean', help: 'Write the report as JSON.' },
  quiet: { type: 'boolean', short: 'q', help: 'No progress on standard error.' },
} as const

/** What to do when there is no store, in a sentence. */
export const withoutStore =
  'there is no advisory store yet: run `lanner advisories update` to fetch the public advisories, or `lanner advisories import DIR` with a folder of them'

/** The advisory store that a command works with; undefined where none was ever made. */
export async function openAdvisories(call: CommandCall): Promise<AdvisoryStore | undefined> {
  const named = call.options.text('advisories')
  const folder = named === undefined ? call.settings.advisoryFolder : resolve(named)
  const found = storeRevision(folder) !== undefined
  // Where there is nothing to open, what opens it is not loaded either.
  if (!found && named === undefined) return undefined
  const { AdvisoryFault, importAdvisories, openStore } = await import('@lanner/advisories')
  if (found) return openStore(folder)
  const compiled = join(call.settings.cacheFolder, 'compiled-advisories', fingerprint(folder))
  try {
    return openStore(compiled)
  } catch (error) {
    if (!(error instanceof AdvisoryFault)) throw error
    // Damaged, or made by another version of ours: a copy that can be made again.
    if (error.code === 'foreign' || error.code === 'corrupt')
      await writingStore(compiled, () => rm(compiled, { recursive: true, force: true }))
    else if (error.code !== 'no-store') throw error
  }
  if (!call.options.flag('quiet')) call.terminal.err.write(`compiling the advisories in ${folder} (once)\n`)
  const progress = compileProgress(call.terminal, call.options.flag('quiet'))
  try {
    await writingStore(compiled, () =>
      importAdvisories(folder, compiled, {
        signal: call.signal,
        now: () => new Date(),
        onProgress: progress.onProgress,
      }),
    )
  } finally {
    progress.finish()
  }
  await forgetOldCopies(dirname(compiled))
  return openStore(compiled)
}

/** Runs what writes the store in `folder`. What a file system refuses names no store: it is told as an OutputFault. */
export async function writingStore<Result>(folder: string, write: () => Promise<Result>): Promise<Result> {
  try {
    return await write()
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error) || 'retryable' in error) throw error
    throw new OutputFault(
      'not-writable',
      `cannot write the advisory store in ${folder}: ${error.message}; is there room, and may you write there?`,
      { cause: error },
    )
  }
}

/** Compiled copies of folders that changed since are of no use: the newest few stay. */
async function forgetOldCopies(copies: string): Promise<void> {
  const found = await Promise.all(
    (await readdir(copies)).map(async (name) => {
      const path = join(copies, name)
      return { path, changed: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 }
    }),
  )
  found.sort((a, b) => b.changed - a.changed)
  for (const { path } of found.slice(keptCopies)) await rm(path, { recursive: true, force: true })
}

/** Names a folder by what lies in it: the same files in the same state need no second compilation. */
function fingerprint(folder: string): string {
  const hash = createHash('sha256').update(folder)
  // Only two levels: `Ecosystem/all.zip`, `EPSS/….csv.gz`; loose records change their folder's own time.
  for (const name of globSync(['*', '*/*'], { cwd: folder }).sort()) {
    const { mtimeMs, size, mode } = statSync(join(folder, name))
    hash.update(`${name}\0${size}\0${mtimeMs}\0${mode}\n`)
  }
  return hash.digest('hex').slice(0, 16)
}
