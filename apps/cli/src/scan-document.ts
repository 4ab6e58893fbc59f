import { open } from 'node:fs/promises'
import { type JudgeOptions, judge } from '@lanner/assessment'
import { DocumentFault, type DocumentInventory, readDocument } from '@lanner/documents'
import { Fault, type ReportSet } from '@lanner/model'

export class DocumentFileFault extends Fault<'unreadable' | 'too-large'> {}

/** Bytes of the file of a bill of materials. */
export const maxDocumentFileBytes = 512 * 1024 * 1024

/** Assesses what a CycloneDX or SPDX document lists, as if it had been found in an image. */
export async function assessDocument(
  path: string,
  options: JudgeOptions & { readonly version: string },
): Promise<ReportSet> {
  const inventory = parse(await readText(path), path)
  const reference = inventory.reference ?? `sbom:${path}`
  const report = await judge(
    { reference, source: 'sbom', inventory, ...(inventory.image ? { image: inventory.image } : {}) },
    options,
  )
  return {
    reference: `sbom:${path}`,
    tool: { name: 'lanner', version: options.version },
    reports: [report],
    others: [],
  }
}

function parse(text: string, path: string): DocumentInventory {
  try {
    return readDocument(text)
  } catch (error) {
    if (!(error instanceof DocumentFault)) throw error
    throw new DocumentFileFault('unreadable', `${path}: ${error.message}`, { cause: error })
  }
}

async function readText(path: string): Promise<string> {
  try {
    await using file = await open(path)
    const parts: Buffer[] = []
    let size = 0
    // What a device or a pipe will give, its size does not say.
    for await (const part of file.createReadStream({ highWaterMark: 1024 * 1024 })) {
      size += part.length
      if (size > maxDocumentFileBytes)
        throw new DocumentFileFault(
          'too-large',
          `${path}: a bill of materials of at most ${maxDocumentFileBytes} bytes is read`,
        )
      parts.push(part)
    }
    return Buffer.concat(parts).toString('utf8')
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new DocumentFileFault(
      'unreadable',
      `cannot read the bill of materials ${path}: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}
