import { closeSync, fstatSync, openSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { SourceFault } from '../source-fault.ts'
import { readRange } from './file-range.ts'

/** A bundle of files with names as in a file system: a folder, or a tar archive. */
export interface Files {
  /** The whole file, or undefined where there is none. Throws SourceFault `malformed` above `most` bytes. */
  read(name: string, most: number): Promise<Buffer | undefined>
  /** Bytes of the file, or undefined where there is none. */
  size(name: string): Promise<number | undefined>
  /** The file's bytes from `offset` on. Throws SourceFault `not-found` where there is none. */
  stream(name: string, offset?: number, signal?: AbortSignal): AsyncIterable<Buffer>
  close(): Promise<void>
}

/** The files of a folder. Links are followed as long as they stay in it. */
export class FolderFiles implements Files {
  readonly #folder: string

  /** `folder` without links in it, as `realpath` answers. */
  constructor(folder: string) {
    this.#folder = folder
  }

  // Documents are few and small: read at once, they come in a tenth of the time that handing each step to another thread takes.
  async read(name: string, most: number): Promise<Buffer | undefined> {
    const path = this.#find(name)
    if (path === undefined) return undefined
    const file = this.#told(name, () => openSync(path, 'r'))
    if (file === undefined) return undefined
    try {
      const { size } = fstatSync(file)
      if (size > most)
        throw new SourceFault('malformed', `${name} has ${size} bytes; at most ${most} are read`)
      return this.#told(name, () => readFileSync(file))
    } finally {
      closeSync(file)
    }
  }

  async size(name: string): Promise<number | undefined> {
    const path = this.#find(name)
    return path === undefined ? undefined : this.#told(name, () => statSync(path).size)
  }

  async *stream(name: string, offset = 0, signal?: AbortSignal): AsyncGenerator<Buffer, undefined> {
    const path = this.#find(name)
    if (path === undefined) throw new SourceFault('not-found', `there is no file ${name} in ${this.#folder}`)
    const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
      throw new SourceFault('unreadable', `${path} cannot be read (${cause.code})`, { cause })
    })
    try {
      const { size } = await file.stat()
      yield* readRange(file, offset, size, signal)
    } finally {
      await file.close()
    }
  }

  async close(): Promise<void> {}

  /** The file's real path, or undefined where there is none. */
  #find(name: string): string | undefined {
    const path = join(this.#folder, name)
    return this.#told(name, () => {
      const real = realpathSync.native(path)
      if (!real.startsWith(this.#folder.endsWith(sep) ? this.#folder : this.#folder + sep)) {
        throw new SourceFault('unreadable', `${path} is a link that leaves the folder; it is not followed`)
      }
      // A pipe would wait for a writer for ever.
      if (!statSync(real).isFile()) throw new SourceFault('unreadable', `${path} is not a file`)
      return real
    })
  }

  /** What the file system answers; undefined where there is no such file, and a fault where it cannot be read. */
  #told<Answer>(name: string, ask: () => Answer): Answer | undefined {
    try {
      return ask()
    } catch (cause) {
      if (cause instanceof SourceFault) throw cause
      const code = (cause as NodeJS.ErrnoException).code
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
      const path = join(this.#folder, name)
      throw new SourceFault('unreadable', `${path} cannot be read (${code ?? cause})`, { cause })
    }
  }
}
