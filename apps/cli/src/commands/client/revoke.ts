import type { Command } from '../../command.ts'
import { connect, connectionOptions, failureText } from '../../connection.ts'
import { exitCodes, UsageError } from '../../exit.ts'
import { printable } from '../../output/text.ts'
import { print } from '../../output/write.ts'

export const clientRevoke: Command = {
  path: 'client revoke',
  summary: 'Revoke API clients of a running server: their tokens end at once.',
  usage: 'client revoke [OPTIONS] CLIENT_ID ...',
  description: [],
  options: {
    json: { type: 'boolean', help: 'Write the revoked clients as JSON.' },
    ...connectionOptions,
  },
  examples: [['client revoke 0123456789abcdef0123456789abcdef', 'End one client.']],
  async run(call) {
    const { positionals, options, terminal, signal } = call
    if (positionals.length === 0) throw new UsageError('client revoke needs a client id', 'client revoke')
    const wrong = positionals.find((id) => !/^[\w-]{1,64}$/.test(id))
    if (wrong !== undefined) throw new UsageError(`${JSON.stringify(wrong)} is no client id`, 'client revoke')
    const client = connect(call, 'client revoke')
    const revoked = []
    let failed = false
    for (const client_id of positionals) {
      const result = await client.command('RevokeClient', { path: { client_id }, signal })
      signal.throwIfAborted()
      if (result.ok) revoked.push(...result.body.resources)
      else {
        failed = true
        terminal.err.write(`lanner: ${printable(failureText(`${client_id} was not revoked`, result))}\n`)
      }
    }
    const lines = revoked.map(({ client_id, name }) => `revoked ${client_id} ${printable(name)}\n`)
    await print(
      terminal.out,
      options.flag('json') ? `${JSON.stringify(revoked, undefined, 2)}\n` : lines.join(''),
    )
    return failed ? exitCodes.notAssessed : exitCodes.pass
  },
}
