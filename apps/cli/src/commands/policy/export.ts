import type { Command } from '../../command.ts'
import { connect, connectionOptions, failureText } from '../../connection.ts'
import { exitCodes, UsageError } from '../../exit.ts'
import { printable } from '../../output/text.ts'
import { openOutput } from '../../output/write.ts'

export const policyExport: Command = {
  path: 'policy export',
  summary: 'Write policies, groups and exclusions of a running server as one document.',
  usage: 'policy export [OPTIONS]',
  description: [
    'The document has no ids and the same order every time, so it can be kept under version control; `lanner policy apply` takes it back.',
  ],
  options: {
    output: { type: 'string', short: 'o', value: 'FILE', help: 'Write to a file.' },
    json: { type: 'boolean', help: 'Write JSON in place of YAML.' },
    ...connectionOptions,
  },
  examples: [['policy export --output policies.yaml', 'A file to begin with.']],
  async run(call) {
    const { positionals, options, terminal, signal } = call
    if (positionals.length > 0)
      throw new UsageError(`policy export takes no arguments: ${positionals.join(' ')}`, 'policy export')
    const client = connect(call, 'policy export')
    const output = await openOutput(options.text('output'), terminal)
    try {
      const result = await client.command('ReadPolicyDocument', { signal })
      signal.throwIfAborted()
      const read = result.ok ? result.body.resources[0] : undefined
      if (!read) {
        const why = result.ok
          ? 'the server answered without a document'
          : failureText('the policies cannot be read', result)
        terminal.err.write(`lanner: ${printable(why)}\n`)
        return exitCodes.notAssessed
      }
      const { policyYaml } = await import('../../output/policy-yaml.ts')
      await output.write(
        options.flag('json') ? `${JSON.stringify(read.document, undefined, 2)}\n` : policyYaml(read.document),
      )
      return exitCodes.pass
    } finally {
      await output.close()
    }
  },
}
