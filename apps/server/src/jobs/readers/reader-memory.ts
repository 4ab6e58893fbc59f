import { totalmem } from 'node:os'
import { getHeapStatistics } from 'node:v8'
import type { ProcessMemory } from '../processes/process-host.ts'

const mebibyte = 1024 ** 2

/** What a process that reads images may take, in bytes, where a machine has much and where it has little. */
export const readerMemory = { most: 2048 * mebibyte, least: 768 * mebibyte } as const

/** What may be said of one image, in bytes: some 430 a package. */
export const readingBytes = { most: 64 * mebibyte, least: 8 * mebibyte } as const

/** What each of so many readers may take: all of them together leave the server and its database room. */
export function memoryOfReaders(readers: number, machine = memoryOfMachine()): ProcessMemory {
  const total = within(readerMemory, (machine * 0.6) / readers)
  return { heap: Math.round(total / 2), total }
}

/** Bytes that may be said of an image. The server, which keeps it, takes some twenty times as much for a moment. */
export function bytesOfReadings(readers: number, heap = getHeapStatistics().heap_size_limit): number {
  return within(readingBytes, heap / 64 / readers)
}

function within({ most, least }: { readonly most: number; readonly least: number }, wanted: number): number {
  return Math.round(Math.min(most, Math.max(least, wanted)))
}

/** What there is, or what a container may have of it. */
function memoryOfMachine(): number {
  const constrained = process.constrainedMemory()
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
}
