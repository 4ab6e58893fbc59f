import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { hashOf } from '../store/key.ts'
import { writeAll } from '../store/segment-writer.ts'

/** What each partition may collect before it goes to its file. */
const bufferedPerPartition = 128 * 1024

/**
 * Lines spread over files by the hash of their first column, so that everything about one key can be brought together
 * later with one partition in memory at a time. Columns are separated by tabs; JSON texts hold none.
 */
export class Spool {
  readonly partitions: number
  readonly #folder: string
  readonly #name: string
  readonly #pending: string[]
  readonly #fds: (number | undefined)[]

  constructor(folder: string, name: string, partitions: number) {
    this.#folder = folder
    this.#name = name
    this.partitions = partitions
    this.#pending = new Array(partitions).fill('')
    this.#fds = new Array(partitions).fill(undefined)
  }

  add(key: string, line: string): void {
    const partition = hashOf(key) % this.partitions
    const pending = `${this.#pending[partition]}${key}\t${line}\n`
    this.#pending[partition] = pending
    if (pending.length > bufferedPerPartition) this.#flush(partition)
  }

  /** The lines of one partition as lists of columns; the partition's file is gone afterwards. */
  take(partition: number): string[][] {
    const rest = this.#pending[partition]
    this.#pending[partition] = ''
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
    const fd = (this.#fds[partition] ??= openSync(this.#path(partition), 'wx'))
    const bytes = Buffer.from(this.#pending[partition])
    writeAll(fd, bytes, bytes.length)
    this.#pending[partition] = ''
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
