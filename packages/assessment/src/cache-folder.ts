import { randomUUID } from 'node:crypto'
import { readFileSync, utimesSync } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What a killed process left half-written is nobody's after an hour. */
const abandonedAfter = 3_600_000

/**
 * A folder of remembered files: written under another name and renamed when whole, so that a reader sees all of a file or
 * nothing. The least recently used go first once `maxBytes` is exceeded; it may be by a twentieth.
 */
export class CacheFolder {
  readonly #folder: string
  readonly #maxBytes: number
  #unpruned = Number.POSITIVE_INFINITY

  constructor(folder: string, maxBytes: number) {
    this.#folder = folder
    this.#maxBytes = maxBytes
  }

  /**
   * The content, or undefined where there is none that can be read. At once: what is remembered is small, and handing the
   * steps to another thread takes longer than they do.
   */
  read(name: string): Buffer | undefined {
    try {
      return readFileSync(join(this.#folder, name))
    } catch {
      return undefined
    }
  }

  /** Reading counts as use; a cache on a read-only disk still serves. */
  touch(name: string): void {
    const now = new Date()
    try {
      utimesSync(join(this.#folder, name), now, now)
    } catch {}
  }

  /** Throws what the file system throws; then nothing of the file is left. */
  async write(name: string, content: Buffer): Promise<void> {
    if (content.length > this.#maxBytes) return
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    await this.#write(join(this.#folder, name), content)
    this.#unpruned += content.length
    if (this.#unpruned <= this.#maxBytes / 20) return
    this.#unpruned = 0
    // What cannot be removed is no reason to doubt what was remembered.
    await this.#prune().catch(() => undefined)
  }

  async #write(path: string, content: Buffer): Promise<void> {
    const temporary = `${path}.${randomUUID()}.tmp`
    try {
      const file = await open(temporary, 'wx', 0o600)
      try {
        await file.writeFile(content)
      } finally {
        await file.close()
      }
      await rename(temporary, path)
    } catch (error) {
      await rm(temporary, { force: true })
      throw error
    }
  }

  async #prune(): Promise<void> {
    const files: { readonly path: string; readonly size: number; readonly used: number }[] = []
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name)
      const found = await stat(path).catch(() => undefined)
      if (!found?.isFile()) continue
      if (name.endsWith('.tmp') && found.mtimeMs < Date.now() - abandonedAfter)
        await rm(path, { force: true })
      else files.push({ path, size: found.size, used: found.mtimeMs })
    }
    let total = files.reduce((sum, file) => sum + file.size, 0)
    for (const { path, size } of files.sort((a, b) => a.used - b.used)) {
      if (total <= this.#maxBytes) return
      await rm(path, { force: true })
      total -= size
    }
  }
}
