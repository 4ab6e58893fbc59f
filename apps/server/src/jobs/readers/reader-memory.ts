import { totalmem } from 'node:os'
import type { ProcessMemory } from '../processes/process-host.ts'

const gibibyte = 1024 ** 3

/** What a process that reads images may take at most, and at least. Reading a layer of 10 GiB takes some 350 MB. */
export const readerMemory = { most: 2 * gibibyte, least: 0.75 * gibibyte } as const

/** Bytes that are said of one image at most. */
export const maxReadingBytes = 128 * 1024 ** 2

/** What each of so many readers may take: all of them together leave the server and its database room. */
export function memoryOfReaders(readers: number, machine = memoryOfMachine()): ProcessMemory {
  const share = (machine * 0.6) / readers
  const total = Math.round(Math.min(readerMemory.most, Math.max(readerMemory.least, share)))
  return { heap: total / 2, total }
}

/** What there is, or what a container may have of it. */
function memoryOfMachine(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}
