import type { Client } from '@lanner/sdk'
import type { Command } from '../../command.ts'
import { connect, connectionOptions, failureText } from '../../connection.ts'
import { exitCodes, UsageError } from '../../exit.ts'
import { columns, printable } from '../../output/text.ts'
import { print } from '../../output/write.ts'

const page = 1000

export const clientList: Command = {
  path: 'client list',
  summary: 'List the API clients of a running server.',
  usage: 'client list [OPTIONS]',
  description: [],
  options: {
    json: { type: 'boolean', help: 'Write the clients as JSON.' },
    ...connectionOptions,
  },
  examples: [['client list', 'Names, ids and scopes.']],
  async run(call) {
    const { positionals, options, terminal, signal } = call
    if (positionals.length > 0)
      throw new UsageError(`client list takes no arguments: ${positionals.join(' ')}`, 'client list')
    const client = connect(call, 'client list')
    const clients: Client[] = []
    for (;;) {
      const parameters = { limit: page, offset: clients.length }
      const result = await client.command('ListClients', { parameters, signal })
      signal.throwIfAborted()
      if (!result.ok) {
        terminal.err.write(`lanner: ${printable(failureText('the clients cannot be listed', result))}\n`)
        return exitCodes.notAssessed
      }
      clients.push(...result.body.resources)
      if (result.body.resources.length < page) break
    }
    await print(
      terminal.out,
      options.flag('json')
        ? `${JSON.stringify(clients, undefined, 2)}\n`
        : `${clientTable(clients).join('\n')}\n`,
    )
    return exitCodes.pass
  },
}

function clientTable(clients: readonly Client[]): string[] {
  const rows = clients.map(({ client_id, name, created_at, created_by, revoked_at, scopes }) => [
    client_id,
    name,
    created_at.slice(0, 10),
    created_by,
    revoked_at === null ? 'active' : `revoked ${revoked_at.slice(0, 10)}`,
    `${scopes.length}: ${scopes.join(' ')}`,
  ])
  return columns(
    [['CLIENT ID', 'NAME', 'CREATED', 'BY', 'STATE', 'SCOPES'], ...rows],
    [64, 40, 10, 64, 20, 100],
  )
}
