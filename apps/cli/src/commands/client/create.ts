import type { Command } from '../../command.ts'
import { connect, connectionOptions, failureText } from '../../connection.ts'
import { exitCodes, UsageError } from '../../exit.ts'
import { columns, printable } from '../../output/text.ts'
import { print } from '../../output/write.ts'

export const clientCreate: Command = {
  path: 'client create',
  summary: 'Create an API client of a running server and show its secret once.',
  usage: 'client create --name NAME [OPTIONS]',
  description: [
    'The client gets the scopes that are named, or all of the caller where none is; never more than the caller has.',
  ],
  options: {
    name: { type: 'string', value: 'NAME', help: 'What it is for, such as ci.' },
    scope: {
      type: 'string',
      value: 'SCOPE',
      multiple: true,
      help: 'A scope, such as falcon-container-image:read; may be given again.',
    },
    json: { type: 'boolean', help: 'Write one line of JSON, with client_id and client_secret.' },
    ...connectionOptions,
  },
  examples: [
    [
      'client create --name ci --scope falcon-container-image:read --json',
      'A client that may read images, as one line of JSON.',
    ],
  ],
  async run(call) {
    const { positionals, options, terminal, signal } = call
    const name = options.text('name')
    if (positionals.length > 0 || name === undefined)
      throw new UsageError(
        name === undefined
          ? 'client create needs --name'
          : `client create takes no arguments: ${positionals.join(' ')}`,
        'client create',
      )
    const scopes = options.list('scope')
    const client = connect(call, 'client create')
    const body = { name, ...(scopes.length > 0 ? { scopes } : {}) }
    const result = await client.command('CreateClient', { body, signal })
    signal.throwIfAborted()
    const made = result.ok ? result.body.resources[0] : undefined
    if (!made) {
      const why = result.ok
        ? 'the server answered without a client'
        : failureText('no client was created', result)
      terminal.err.write(`lanner: ${printable(why)}\n`)
      return exitCodes.notAssessed
    }
    const { client_id, client_secret } = made
    const rows = [
      ['client_id', client_id],
      ['client_secret', client_secret],
      ['scopes', made.scopes.join(' ')],
    ]
    await print(
      terminal.out,
      options.flag('json')
        ? `${JSON.stringify({ client_id, client_secret, name: made.name, scopes: made.scopes })}\n`
        : `${columns(rows).join('\n')}\n`,
    )
    if (!options.flag('json')) terminal.err.write('lanner: the secret is not shown again\n')
    return exitCodes.pass
  },
}
