import type { Exclusion } from '@lanner/sdk'
import type { Command } from '../../command.ts'
import { connect, connectionOptions, failureText } from '../../connection.ts'
import { type ExitCode, exitCodes, UsageError } from '../../exit.ts'
import { columns, printable } from '../../output/text.ts'
import { print } from '../../output/write.ts'

const page = 1000

export const policyExclusions: Command = {
  path: 'policy exclusions',
  summary:
    'Show the exclusions of a running server: who wrote them, why, until when, and whether they cover anything.',
  usage: 'policy exclusions [OPTIONS]',
  description: [
    'When an exclusion covered something is known of verdicts that were asked for. One that never matched may still be needed by an image that nobody asked about: lanner policy preview says it of all images.',
  ],
  options: {
    expiring: {
      type: 'string',
      value: 'DAYS',
      help: 'Only those that end within so many days (14d, or 14), the first to end first.',
    },
    expired: { type: 'boolean', help: 'Only those that have ended.' },
    unmatched: { type: 'boolean', help: 'Only those that never covered anything.' },
    json: { type: 'boolean', help: 'Write the exclusions as JSON.' },
    ...connectionOptions,
  },
  examples: [
    ['policy exclusions --expiring 14d', 'What has to be looked at again in the next two weeks.'],
    ['policy exclusions --unmatched', 'What could be taken out.'],
  ],
  run: runExclusions,
}

async function runExclusions(call: Parameters<Command['run']>[0]): Promise<ExitCode> {
  const { positionals, options, terminal, signal } = call
  if (positionals.length > 0)
    throw new UsageError(
      `policy exclusions takes no arguments: ${positionals.join(' ')}`,
      'policy exclusions',
    )
  const days = options.text('expiring')
  const asked = [
    ...(days === undefined ? [] : (['expiring'] as const)),
    ...(['expired', 'unmatched'] as const).filter((name) => options.flag(name)),
  ]
  const [state, second] = asked
  if (second !== undefined)
    throw new UsageError(`--${state} and --${second} ask for different ones: give one`, 'policy exclusions')
  const selection = {
    ...(state === undefined ? {} : { state }),
    ...(days === undefined ? {} : { expiring_within_days: daysOf(days) }),
  }
  const client = connect(call, 'policy exclusions')
  const found: Exclusion[] = []
  for (;;) {
    const parameters = { ...selection, limit: page, offset: found.length }
    const result = await client.command('ListExclusions', { parameters, signal })
    signal.throwIfAborted()
    if (!result.ok) {
      terminal.err.write(`lanner: ${printable(failureText('the exclusions cannot be listed', result))}\n`)
      return exitCodes.notAssessed
    }
    found.push(...result.body.resources)
    if (result.body.resources.length < page) break
  }
  await print(
    terminal.out,
    options.flag('json')
      ? `${JSON.stringify(found, undefined, 2)}\n`
      : `${exclusionTable(found).join('\n')}\n`,
  )
  return exitCodes.pass
}

function daysOf(given: string): number {
  const days = Number(/^(?<days>\d{1,4})d?$/.exec(given)?.groups?.['days'])
  if (days >= 1 && days <= 3650) return days
  throw new UsageError(`--expiring ${given}: days from 1 to 3650, such as 14d`, 'policy exclusions')
}

function exclusionTable(exclusions: readonly Exclusion[]): string[] {
  const rows = exclusions.map((exclusion) => [
    conditionOf(exclusion),
    exclusion.scope ? scopeOf(exclusion.scope) : 'everywhere',
    exclusion.expires_at === null ? 'no end' : `${exclusion.expires_at.slice(0, 16)}Z`,
    exclusion.state,
    exclusion.last_matched_at === null ? 'never' : `${exclusion.last_matched_at.slice(0, 16)}Z`,
    exclusion.author,
    exclusion.description,
  ])
  return columns(
    [['EXCLUDES', 'IN', 'UNTIL', 'STATE', 'LAST MATCHED', 'BY', 'WHY'], ...rows],
    [60, 50, 18, 10, 18, 34, 100],
  )
}

/** `cve CVE-2024-0001, 2 more and purl pkg:npm/lodash` */
function conditionOf({ prop, op, value, and }: Exclusion): string {
  return [{ prop, op, value }, ...and]
    .map((condition) => {
      const values = [condition.value].flat().map(String)
      const more = values.length > 1 ? ` and ${values.length - 1} more` : ''
      const shown = ['in', 'eq', undefined].includes(condition.op) ? '' : `${condition.op} `
      return `${condition.prop} ${shown}${values[0] ?? ''}${more}`
    })
    .join(', ')
}

const scopeMembers = ['registry', 'repository', 'tag', 'digest', 'layer'] as const

function scopeOf(scope: NonNullable<Exclusion['scope']>): string {
  return scopeMembers
    .flatMap((name) => {
      const values = [scope[name] ?? []].flat()
      return values.length === 0 ? [] : [`${name} ${values.map((value) => value || "''").join(' or ')}`]
    })
    .join(', ')
}
