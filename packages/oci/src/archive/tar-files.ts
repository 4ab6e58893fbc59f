import type { FileHandle } from 'node:fs/promises'
import { posix } from 'node:path'
import { LayerFault } from '../layer/layer-fault.ts'
import { cleanPath } from '../layer/path.ts'
import { TarWalker } from '../layer/tar-walker.ts'
import { SourceFault } from '../source-fault.ts'
import { readRange } from './file-range.ts'
import type { Files } from './files.ts'

/** Files in an archive of images: a handful for each layer. */
const maxEntries = 200_000
const maxLinks = 16
const windowBytes = 64 * 1024

type Member =
  | { readonly kind: 'file'; readonly start: number; readonly size: number }
  | { readonly kind: 'link'; readonly target: string | undefined }
  | { readonly kind: 'sparse' }

/** The files of an uncompressed tar archive on disk: its headers are read once, bodies where they lie. */
export class TarFiles implements Files {
  readonly #file: FileHandle
  readonly #path: string
  readonly #members: ReadonlyMap<string, Member>

  private constructor(file: FileHandle, path: string, members: ReadonlyMap<string, Member>) {
    this.#file = file
    this.#path = path
    this.#members = members
  }

  /** Takes over the open file: it is closed by `close`, or here when this throws. `path` names it in messages. */
  static async open(file: FileHandle, path: string): Promise<TarFiles> {
    try {
      return new TarFiles(file, path, await indexMembers(file, path))
    } catch (error) {
      await file.close()
      if (!(error instanceof LayerFault)) throw error
      throw new SourceFault('malformed', `${error.message}: not a tar archive, or a damaged one`, {
        cause: error,
      })
    }
  }

  async read(name: string, most: number): Promise<Buffer | undefined> {
    const member = this.#find(name)
    if (member === undefined) return undefined
    if (member.size > most) {
      throw new SourceFault(
        'malformed',
        `${name} in ${this.#path} has ${member.size} bytes; at most ${most} are read`,
      )
    }
    const chunks: Buffer[] = []
    for await (const chunk of readRange(this.#file, member.start, member.start + member.size))
      chunks.push(chunk)
    return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)
  }

  async size(name: string): Promise<number | undefined> {
    return this.#find(name)?.size
  }

  async *stream(name: string, offset = 0, signal?: AbortSignal): AsyncGenerator<Buffer, undefined> {
    const member = this.#find(name)
    if (member === undefined) throw new SourceFault('not-found', `there is no file ${name} in ${this.#path}`)
    yield* readRange(this.#file, member.start + offset, member.start + member.size, signal)
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  /** Follows links inside the archive; they can lead nowhere else. */
  #find(name: string): Extract<Member, { kind: 'file' }> | undefined {
    let at = cleanPath(name)
    for (let links = 0; links <= maxLinks; links++) {
      const member = at === undefined ? undefined : this.#members.get(at)
      if (member === undefined) {
        if (links === 0) return undefined
        throw new SourceFault('malformed', `${name} in ${this.#path} is a link to what is not in the archive`)
      }
      if (member.kind === 'file') return member
      if (member.kind === 'sparse')
        throw new SourceFault('unsupported', `${at} in ${this.#path} is stored as sparse`)
      at = member.target
    }
    throw new SourceFault('malformed', `${name} in ${this.#path} is a link that leads in a circle`)
  }
}

async function indexMembers(file: FileHandle, path: string): Promise<Map<string, Member>> {
  const members = new Map<string, Member>()
  const walker = new TarWalker(
    {
      entry({ path: raw, type, link = '' }) {
        const name = cleanPath(raw)
        if (!name) return undefined
        // The last entry of a name counts, as it does when an archive is unpacked.
        if (type === 'file') {
          const { start, size, sparse } = walker.body
          members.set(name, sparse ? { kind: 'sparse' } : { kind: 'file', start, size })
        } else if (type === 'hardlink') {
          const target = cleanPath(link)
          if (target !== name) members.set(name, { kind: 'link', target })
        } else if (type === 'symlink') {
          const target = link.startsWith('/') ? link : `${posix.dirname(name)}/${link}`
          members.set(name, { kind: 'link', target: cleanPath(target) })
        } else members.delete(name)
        return undefined
      },
    },
    { maxEntries },
    path,
  )
  const { size } = await file.stat()
  const window = Buffer.allocUnsafe(windowBytes)
  let at = 0
  while (at < size) {
    const { bytesRead } = await file.read(window, 0, window.length, at)
    if (bytesRead === 0) break
    // The walker keeps no view of the window: no entry has a sink.
    walker.push(window.subarray(0, bytesRead))
    at += bytesRead
    const skipped = Math.min(walker.unwanted, size - at)
    walker.skip(skipped)
    at += skipped
  }
  walker.end()
  return members
}
