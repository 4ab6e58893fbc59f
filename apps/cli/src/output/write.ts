import { randomUUID } from 'node:crypto'
import { open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Fault } from '@lanner/model'
import type { Terminal } from '../command.ts'

export class OutputFault extends Fault<'not-writable'> {}

/** A place for results: a file that appears whole or not at all, or standard output. */
export interface Output {
  write(content: string | Uint8Array): Promise<void>
  /** Call in any case: removes what was not finished. */
  close(): Promise<void>
}

/** Opens the place before the work begins, so that an unwritable one is told at once and not after it. */
export async function openOutput(path: string | undefined, terminal: Terminal): Promise<Output> {
  if (path === undefined || path === '-')
    return { write: (content) => print(terminal.out, content), close: async () => {} }
  const target = resolve(path)
  try {
    // The file behind a link is replaced, not the link.
    const place = await realpath(target).catch(() => target)
    const found = await stat(place).catch(() => undefined)
    if (found?.isDirectory()) throw outputFault(target, 'it is a folder; name a file in it')
    // A device or a pipe (/dev/stdout, /dev/null) is written to and never replaced by a file.
    if (found && !found.isFile()) return await openInPlace(place, target)
    return await openReplacement(place, target, found?.mode)
  } catch (error) {
    if (error instanceof OutputFault) throw error
    throw outputFault(target, error, `; is ${dirname(target)} a folder that you may write to?`)
  }
}

async function openInPlace(place: string, target: string): Promise<Output> {
  const file = await open(place, 'w')
  return {
    write: (content) =>
      file.writeFile(content).catch((error: unknown) => {
        throw outputFault(target, error)
      }),
    close: () => file.close(),
  }
}

/** `mode`: of the file that is replaced, whose results may be for few eyes. */
async function openReplacement(place: string, target: string, mode?: number): Promise<Output> {
  const temporary = `${place}.${randomUUID()}.tmp`
  const file = await open(temporary, 'wx', mode === undefined ? undefined : mode & 0o777)
  return {
    async write(content) {
      try {
        await file.writeFile(content)
        await file.sync()
        await rename(temporary, place)
      } catch (error) {
        throw outputFault(target, error)
      }
    },
    async close() {
      await file.close()
      await rm(temporary, { force: true })
    },
  }
}

/** Writes all of it. Whoever reads it may have seen enough (`| head`), and that changes no exit code. */
export function print(out: NodeJS.WritableStream, content: string | Uint8Array): Promise<void> {
  return new Promise((done, fail) => {
    out.write(content, (error?: NodeJS.ErrnoException | null) => {
      if (!error || error.code === 'EPIPE') done()
      else fail(outputFault('the results', error))
    })
  })
}

function outputFault(what: string, cause: unknown, hint = ''): OutputFault {
  const reason = cause instanceof Error ? reasonOf(cause) : String(cause)
  return new OutputFault('not-writable', `cannot write ${what}: ${reason}${hint}`, { cause })
}

/** Without the name that the file has until it is whole: nobody gave it. */
function reasonOf(cause: NodeJS.ErrnoException): string {
  return cause.path?.endsWith('.tmp') ? cause.message.replace(/, \w+ '.*$/s, '') : cause.message
}
