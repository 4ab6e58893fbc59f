import { type FileHandle, open, realpath, stat } from 'node:fs/promises'
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

  async read(name: string, most: number): Promise<Buffer | undefined> {
    const file = await this.#open(name)
    if (file === undefined) return undefined
    try {
      const { size } = await file.stat()
      if (size > most)
        throw new SourceFault('malformed', `${name} has ${size} bytes; at most ${most} are read`)
      return await file.readFile()
    } finally {
      await file.close()
    }
  }

  async size(name: string): Promise<number | undefined> {
    const file = await this.#open(name)
    if (file === undefined) return undefined
    try {
      return (await file.stat()).size
    } finally {
      await file.close()
    }
  }

  async *stream(name: string, offset = 0, signal?: AbortSignal): AsyncGenerator<Buffer, undefined> {
    const file = await this.#open(name)
    if (file === undefined) throw new SourceFault('not-found', `there is no file ${name} in ${this.#folder}`)
    try {
      const { size } = await file.stat()
      yield* readRange(file, offset, size, signal)
    } finally {
      await file.close()
    }
  }

  async close(): Promise<void> {}

  async #open(name: string): Promise<FileHandle | undefined> {
    const path = join(this.#folder, name)
    try {
      const real = await realpath(path)
      if (!real.startsWith(this.#folder.endsWith(sep) ? this.#folder : this.#folder + sep)) {
        throw new SourceFault('unreadable', `${path} is a link that leaves the folder; it is not followed`)
      }
      // A pipe would wait for a writer for ever.
      if (!(await stat(real)).isFile()) throw new SourceFault('unreadable', `${path} is not a file`)
      return await open(real, 'r')
    } catch (cause) {
      if (cause instanceof SourceFault) throw cause
      const code = (cause as NodeJS.ErrnoException).code
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
      throw new SourceFault('unreadable', `${path} cannot be read (${code ?? cause})`, { cause })
    }
  }
}
