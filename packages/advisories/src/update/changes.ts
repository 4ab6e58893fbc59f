import { AdvisoryFault } from '../fault.ts'
import { compareInstants } from '../instant.ts'
import { type Downloads, refusal, retried } from './download.ts'
import { discard, type HttpAnswer } from './fetch.ts'

/** A line of a list of changes: what changed, and when. */
export interface Change {
  readonly modified: string
  readonly name: string
}

export interface Changes {
  /** Newer than what was known, newest first; undefined when there are so many that the whole is better taken. */
  readonly changes: readonly Change[] | undefined
  /** The newest date of the list. */
  readonly newest?: string
}

/** Above this many the whole archive is taken again. */
export const changeCap = 2_000
const lineCap = 1_024

/**
 * Reads a list of changes, newest first, from the top and stops at the first line that is not newer than `known`: a long list
 * costs only its beginning. Dates are compared with dates of the list, never with the clock, for some lie in the future.
 */
export async function fetchChanges(
  downloads: Downloads,
  url: string,
  known: string,
  parse: (line: string) => Change | undefined,
): Promise<Changes> {
  return await retried(downloads, url, async () => {
    const answer = await downloads.fetch(url, {
      headers: { 'accept-encoding': 'identity' },
      ...(downloads.signal ? { signal: downloads.signal } : {}),
    })
    if (answer.status !== 200) throw await refusal(answer, url)
    return await readChanges(answer, url, known, parse)
  })
}

async function readChanges(
  answer: HttpAnswer,
  url: string,
  known: string,
  parse: (line: string) => Change | undefined,
): Promise<Changes> {
  const changes: Change[] = []
  let newest: string | undefined
  let pending = ''
  const done = (tooMany = false): Changes => ({
    changes: tooMany ? undefined : changes,
    ...(newest ? { newest } : {}),
  })
  const decoder = new TextDecoder()
  try {
    for await (const chunk of answer.body) {
      const lines = (pending + decoder.decode(chunk, { stream: true })).split('\n')
      pending = lines.pop() ?? ''
      if (pending.length > lineCap) throw malformed(url)
      for (const line of lines) {
        const change = parseLine(line)
        if (change === undefined) continue
        newest ??= change.modified
        if (compareInstants(change.modified, known) <= 0) return done()
        changes.push(change)
        if (changes.length > changeCap) return done(true)
      }
    }
  } finally {
    await discard(answer)
  }
  const last = parseLine(pending)
  if (last) {
    newest ??= last.modified
    if (compareInstants(last.modified, known) > 0) changes.push(last)
  }
  return done()

  function parseLine(text: string): Change | undefined {
    const line = text.trim()
    if (line === '') return undefined
    const change = parse(line)
    if (change === undefined || compareInstants(change.modified, undefined) <= 0) throw malformed(url)
    return change
  }
}

function malformed(url: string): AdvisoryFault {
  return new AdvisoryFault('malformed', `${url} is no list of changes`)
}

/** `2026-08-21T20:38:00Z,GO-2026-5026` */
export function parseOsvChange(line: string): Change | undefined {
  const comma = line.indexOf(',')
  const name = line.slice(comma + 1)
  // The id becomes part of an address.
  return comma > 0 && /^[^\s/\\?#%]{1,200}$/.test(name) && name !== '..'
    ? { modified: line.slice(0, comma), name }
    : undefined
}

/** `"2024/cve-2024-24786.json","2025-08-13T15:14:45+00:00"` */
export function parseVexChange(line: string): Change | undefined {
  const groups = /^"?(?<name>\d{4}\/cve-\d{4}-\d{4,19}\.json)"?,"?(?<modified>[^"]{20,40})"?$/.exec(
    line,
  )?.groups
  return groups && { name: groups['name'], modified: groups['modified'] }
}
