import type { SaidOfImage } from './verdict-platform.ts'

/**
 * A review and its answer. `### title`, then lines `admission OPTIONS…` (of the command), `platform NAME JSON` (what is said of an
 * image; the rest is as of one that passes); the review as JSON, or nothing where it is that of the case before; `=> STATUS`, and
 * the answer: JSON, whose message is written as a list of lines, or text (`~ ` in front: how it begins); `asked NAME…` at the
 * end says what the platform was asked.
 */
export interface AdmissionCase {
  readonly title: string
  readonly args: readonly string[]
  readonly verdicts: readonly (readonly [name: string, verdict: SaidOfImage])[]
  readonly review: string
  readonly status: number
  readonly answer: string
  readonly asked: readonly string[]
}

/** Reads the cases of a file. */
export function readAdmissionCases(text: string): readonly AdmissionCase[] {
  const [, ...parts] = text.split(/^### /m)
  let review = ''
  return parts.map((part) => {
    const [before = '', after = ''] = part.split(/^=> /m)
    const start = before.search(/^\{/m)
    if (start >= 0) review = before.slice(start)
    const head = start < 0 ? before : before.slice(0, start)
    const [title = '', ...lines] = head.trim().split('\n')
    const [status = '', ...rest] = after.trim().split('\n')
    const last = rest.at(-1)?.startsWith('asked') ? rest.pop()! : 'asked'
    const words = lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
    const said = words.filter((line) => line.startsWith('platform ') && line.includes('{'))
    const unread = words.filter((line) => !/^(?:platform|admission) /.test(line))
    if (review === '' || unread.length > 0) throw new Error(`${title}: ${unread.join('; ')}`)
    return {
      title,
      args: words.flatMap((line) => (line.startsWith('admission ') ? line.split(' ').slice(1) : [])),
      verdicts: said.map((line) => {
        const at = line.indexOf('{')
        return [line.slice(9, at).trim(), JSON.parse(line.slice(at)) as SaidOfImage] as const
      }),
      review,
      status: Number(status),
      answer: rest.join('\n').trim(),
      asked: last.split(' ').slice(1),
    }
  })
}
