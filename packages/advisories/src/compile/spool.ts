import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { hashOf } from '../store/key.ts'
import { writeAll } from '../store/segment-writer.ts'

/** What each partition may collect before it goes to its file, in bytes. */
const bufferLength = 64 * 1024

/**
 * Lines spread over files by the hash of their first column, so that everything about one key can be brought together
 * later with one partition in memory at a time. Columns are separated by tabs; JSON texts hold none.
 * Lines are copied into buffers at once: kept as strings, they would keep alive the whole text that they are slices of.
 */
export class Spool {
  readonly partitions: number
  readonly #folder: string
  readonly #name: string
  readonly #buffers: (Buffer | undefined)[]
  readonly #lengths: number[]
  readonly #fds: (number | undefined)[]

  constructor(folder: string, name: string, partitions: number) {
    this.#folder = folder
    this.#name = name
    this.partitions = partitions
    this.#buffers = new Array(partitions).fill(undefined)
    this.#lengths = new Array(partitions).fill(0)
    this.#fds = new Array(partitions).fill(undefined)
  }

  add(key: string, rest: string): void {
    const partition = hashOf(key) % this.partitions
    const line = `${key}\t${rest}\n`
    // No UTF-16 unit takes more than three bytes.
    const longest = line.length * 3
    if (longest > bufferLength) {
      this.#flush(partition)
      const bytes = Buffer.from(line)
      writeAll(this.#fd(partition), bytes, bytes.length)
      return
    }
    if (this.#lengths[partition] + longest > bufferLength) this.#flush(partition)
    const buffer = (this.#buffers[partition] ??= Buffer.allocUnsafeSlow(bufferLength))
    this.#lengths[partition] += buffer.write(line, this.#lengths[partition])
  }

  /** The lines of one partition as lists of columns; the partition's file is gone afterwards. */
  take(partition: number): string[][] {
    const rest = this.#buffers[partition]?.toString('utf8', 0, this.#lengths[partition]) ?? ''
    this.#buffers[partition] = undefined
    this.#lengths[partition] = 0
    const fd = this.#fds[partition]
    if (fd === undefined) return columns(rest)
    closeSync(fd)
    this.#fds[partition] = undefined
    const path = this.#path(partition)
    const lines = columns(readFileSync(path, 'utf8') + rest)
    rmSync(path)
    return lines
  }

  close(): void {
    for (const [partition, fd] of this.#fds.entries()) {
      if (fd !== undefined) closeSync(fd)
      this.#fds[partition] = undefined
    }
  }

  #flush(partition: number): void {
    const buffer = this.#buffers[partition]
    if (buffer === undefined || this.#lengths[partition] === 0) return
    writeAll(this.#fd(partition), buffer, this.#lengths[partition])
    this.#lengths[partition] = 0
  }

  #fd(partition: number): number {
    const fd = this.#fds[partition] ?? openSync(this.#path(partition), 'wx')
    this.#fds[partition] = fd
    return fd
  }

  #path(partition: number): string {
    return join(this.#folder, `${this.#name}-${partition}`)
  }
}

function columns(text: string): string[][] {
  const lines = text.split('\n')
  lines.pop()
  return lines.map((line) => line.split('\t'))
}

/** The same text in memory of its own: V8's slices keep alive what they are cut from, here whole partitions. */
export function copied(text: string): string {
  return Buffer.from(text).toString()
}
