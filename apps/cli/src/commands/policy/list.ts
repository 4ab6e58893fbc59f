import type { Policy } from '@lanner/sdk'
import type { Command } from '../../command.ts'
import { connect, connectionOptions } from '../../connection.ts'
import { exitCodes, UsageError } from '../../exit.ts'
import { columns } from '../../output/text.ts'
import { print } from '../../output/write.ts'
import { policiesOf } from './policies.ts'

export const policyList: Command = {
  path: 'policy list',
  summary: 'List the policies of a running server in their order.',
  usage: 'policy list [OPTIONS]',
  description: [
    'The first enabled policy that applies to an image and has a rule that matches decides; the default policy, which is last, lets pass.',
  ],
  options: {
    json: { type: 'boolean', help: 'Write the policies as JSON.' },
    ...connectionOptions,
  },
  examples: [['policy list', 'Order, names, rules and groups.']],
  async run(call) {
    const { positionals, options, terminal, signal } = call
    if (positionals.length > 0)
      throw new UsageError(`policy list takes no arguments: ${positionals.join(' ')}`, 'policy list')
    const policies = await policiesOf(connect(call, 'policy list'), terminal, signal)
    if (!policies) return exitCodes.notAssessed
    await print(
      terminal.out,
      options.flag('json')
        ? `${JSON.stringify(policies, undefined, 2)}\n`
        : `${policyTable(policies).join('\n')}\n`,
    )
    return exitCodes.pass
  },
}

function policyTable(policies: readonly Policy[]): string[] {
  const rows = policies.map(({ precedence, name, is_enabled, policy_data }) => [
    String(precedence),
    name,
    is_enabled ? 'yes' : 'no',
    String(policy_data?.rules.length ?? 0),
    policy_data?.groups.map((group) => group.name).join(', ') || 'all images',
  ])
  return columns([['ORDER', 'NAME', 'ENABLED', 'RULES', 'GROUPS'], ...rows], [5, 60, 7, 5, 100])
}
