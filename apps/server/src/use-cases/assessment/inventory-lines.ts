import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import type { ImageInventory } from '@lanner/extractors'
import type { Package } from '@lanner/model'
import { eachInTurns, partsOf } from '../turns.ts'

/** Packages of a line: what is written and read without a pause. */
const lineful = 250
const lineBreak = 0x0a
/** Bytes of one inventory, inflated. */
const maxInventoryBytes = 256 * 1024 * 1024

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

/** What holds the packages of an image, and something beside them. */
type Holder = { readonly packages: readonly Package[] }

/**
 * JSON of something with packages, on several lines where there are many of them: the first is the whole without those that
 * follow, each other a list of packages. Whoever reads it can pause between the lines.
 */
export function* linesWith(packages: readonly Package[], whole: (first: readonly Package[]) => unknown) {
  yield JSON.stringify(whole(packages.slice(0, lineful)))
  for (const part of partsOf(packages.slice(lineful), lineful)) yield JSON.stringify(part)
}

/** Reads such lines: `start` is called with the first of each whole and gives what the packages that follow belong to. */
export async function readLines(
  bytes: Uint8Array,
  start: (whole: unknown) => Holder | undefined,
): Promise<void> {
  let holder: { packages: Package[] } | undefined
  await eachInTurns(linesIn(bytes), (line) => {
    const value = JSON.parse(line) as unknown
    // Written by `linesWith`: the lists are its own, and nobody else has them yet.
    if (!Array.isArray(value)) holder = start(value) as { packages: Package[] } | undefined
    else if (holder) for (const pack of value as Package[]) holder.packages.push(pack)
    else throw new Error('packages of nothing')
  })
}

function* linesIn(bytes: Uint8Array): Generator<string> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = 0; at < buffer.length; ) {
    const found = buffer.indexOf(lineBreak, at)
    const end = found < 0 ? buffer.length : found
    yield buffer.toString('utf8', at, end)
    at = end + 1
  }
}

/** An inventory as it is kept. */
export async function packInventory(inventory: ImageInventory): Promise<Buffer> {
  const lines: Buffer[] = []
  await eachInTurns(
    linesWith(inventory.packages, (packages) => ({ ...inventory, packages })),
    (line) => void lines.push(Buffer.from(lines.length === 0 ? line : `\n${line}`)),
  )
  return compress(Buffer.concat(lines))
}

/** What was found in an image, as it was kept. */
export async function inventoryOf(compressed: Buffer): Promise<ImageInventory> {
  let inventory: ImageInventory | undefined
  await readLines(await decompress(compressed, { maxOutputLength: maxInventoryBytes }), (whole) => {
    inventory = whole as ImageInventory
    return inventory
  })
  if (!inventory) throw new Error('an inventory that was kept is empty')
  return inventory
}
