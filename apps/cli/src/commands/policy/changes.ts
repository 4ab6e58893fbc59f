import type { PolicyChangeRecord } from '@lanner/sdk'
import type { Command } from '../../command.ts'
import { connect, connectionOptions, failureText } from '../../connection.ts'
import { exitCodes, UsageError } from '../../exit.ts'
import { columns, printable } from '../../output/text.ts'
import { print } from '../../output/write.ts'

const page = 100

export const policyChanges: Command = {
  path: 'policy changes',
  summary: 'Show who changed policies, groups, order and exclusions of a running server, and when.',
  usage: 'policy changes [OPTIONS]',
  description: ['Newest first. With --json, how it was before and after is shown too.'],
  options: {
    limit: {
      type: 'string',
      value: 'NUMBER',
      default: '20',
      help: 'How many changes to show, at most 10000.',
    },
    json: { type: 'boolean', help: 'Write the changes as JSON, with before and after.' },
    ...connectionOptions,
  },
  examples: [['policy changes --limit 5', 'The last five.']],
  async run(call) {
    const { positionals, options, terminal, signal } = call
    if (positionals.length > 0)
      throw new UsageError(`policy changes takes no arguments: ${positionals.join(' ')}`, 'policy changes')
    const given = options.text('limit') ?? '20'
    const wanted = Number(given)
    if (!/^\d{1,5}$/.test(given) || wanted < 1 || wanted > 10_000)
      throw new UsageError(`--limit ${given}: a number from 1 to 10000`, 'policy changes')
    const client = connect(call, 'policy changes')
    const changes: PolicyChangeRecord[] = []
    while (changes.length < wanted) {
      const limit = Math.min(page, wanted - changes.length)
      const result = await client.command('GetPolicyChanges', {
        parameters: { limit, offset: changes.length },
        signal,
      })
      signal.throwIfAborted()
      if (!result.ok) {
        terminal.err.write(`lanner: ${printable(failureText('the changes cannot be read', result))}\n`)
        return exitCodes.notAssessed
      }
      changes.push(...result.body.resources)
      if (result.body.resources.length < limit) break
    }
    await print(
      terminal.out,
      options.flag('json')
        ? `${JSON.stringify(changes, undefined, 2)}\n`
        : `${changeTable(changes).join('\n')}\n`,
    )
    return exitCodes.pass
  },
}

function changeTable(changes: readonly PolicyChangeRecord[]): string[] {
  const rows = changes.map((change) => [
    `${change.at.slice(0, 19)}Z`,
    change.actor,
    change.action.replaceAll('_', ' '),
    nameOf(change.after) ?? nameOf(change.before) ?? change.subject,
  ])
  return columns([['AT', 'BY', 'CHANGE', 'OF'], ...rows], [20, 64, 20, 100])
}

/** The trail keeps policies and groups with their names; order and exclusions are lists. */
function nameOf(state: unknown): string | undefined {
  const name = typeof state === 'object' && state !== null && 'name' in state ? state.name : undefined
  return typeof name === 'string' ? name : undefined
}
