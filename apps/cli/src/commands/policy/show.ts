import type { Condition, Policy } from '@lanner/sdk'
import type { Command } from '../../command.ts'
import { connect, connectionOptions } from '../../connection.ts'
import { exitCodes, UsageError } from '../../exit.ts'
import { printable } from '../../output/text.ts'
import { print } from '../../output/write.ts'
import { policiesOf } from './policies.ts'

export const policyShow: Command = {
  path: 'policy show',
  summary: 'Show one policy of a running server, as a document has it.',
  usage: 'policy show [OPTIONS] NAME|ID',
  description: [],
  options: {
    json: { type: 'boolean', help: 'Write the policy as JSON.' },
    ...connectionOptions,
  },
  examples: [['policy show Production', 'Its rules and groups.']],
  async run(call) {
    const { positionals, options, terminal, signal } = call
    const [wanted, ...rest] = positionals
    if (wanted === undefined || rest.length > 0)
      throw new UsageError(
        wanted === undefined
          ? 'policy show needs the name or id of a policy'
          : `policy show takes one policy: ${rest.join(' ')} is too much`,
        'policy show',
      )
    const policies = await policiesOf(connect(call, 'policy show'), terminal, signal)
    if (!policies) return exitCodes.notAssessed
    const policy =
      policies.find(({ name }) => name === wanted) ??
      policies.find(({ policy_id }) => policy_id === wanted.toLowerCase())
    if (!policy) {
      const known = policies
        .slice(0, 20)
        .map(({ name }) => name)
        .join(', ')
      terminal.err.write(
        printable(`lanner: there is no policy ${JSON.stringify(wanted)}; there are ${known}`).concat('\n'),
      )
      return exitCodes.notAssessed
    }
    await print(
      terminal.out,
      options.flag('json') ? `${JSON.stringify(policy, undefined, 2)}\n` : await policyText(policy),
    )
    return exitCodes.pass
  },
}

async function policyText(policy: Policy): Promise<string> {
  const { policyYaml } = await import('../../output/policy-yaml.ts')
  const { policy_id, precedence, created_at, updated_at, name, description, is_enabled, policy_data } = policy
  const facts = [
    `# ${policy_id}, number ${precedence} in the order`,
    `# created ${created_at}, changed ${updated_at}`,
  ]
  const text = policyYaml({
    name,
    ...(description === '' ? {} : { description }),
    enabled: is_enabled,
    rules: (policy_data?.rules ?? []).map(({ action, policy_rules_data }) => ({
      action,
      conditions: written(policy_rules_data?.conditions ?? []),
    })),
    groups: (policy_data?.groups ?? []).map((group) => ({
      name: group.name,
      ...(group.description === '' ? {} : { description: group.description }),
      conditions: written(group.policy_group_data?.conditions ?? []),
    })),
  })
  return `${[...facts, ...text.trimEnd().split('\n')].map(printable).join('\n')}\n`
}

/** Members in the order of a document; the database has one of its own. */
function written(conditions: readonly Condition[]): readonly Condition[] {
  return conditions.map(({ prop, op, value, ...rest }) => ({ prop, ...(op ? { op } : {}), value, ...rest }))
}
