import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Fault } from '@lanner/model'
import type { Terminal } from '../command.ts'

export class OutputFault extends Fault<'not-writable'> {}

/** A place for results: a file that appears whole or not at all, or standard output. */
export interface Output {
  write(text: string): Promise<void>
  /** Call in any case: removes what was not finished. */
  close(): Promise<void>
}

/** Opens the place before the work begins, so that an unwritable one is told at once and not after it. */
export async function openOutput(path: string | undefined, terminal: Terminal): Promise<Output> {
  if (path === undefined || path === '-') {
    return {
      write: (text) => new Promise((done) => void terminal.out.write(text, () => done())),
      close: async () => {},
    }
  }
  const target = resolve(path)
  const temporary = `${target}.${randomUUID()}.tmp`
  const file = await open(temporary, 'wx').catch((error: Error) => {
    throw new OutputFault(
      'not-writable',
      `cannot write ${target}: ${error.message}; is ${dirname(target)} a folder that you may write to?`,
    )
  })
  return {
    async write(text) {
      try {
        await file.writeFile(text)
        await file.sync()
        await rename(temporary, target)
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause)
        throw new OutputFault('not-writable', `cannot write ${target}: ${reason}`, { cause })
      }
    },
    async close() {
      await file.close()
      await rm(temporary, { force: true })
    },
  }
}
