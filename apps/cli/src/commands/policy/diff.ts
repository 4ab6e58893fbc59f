import type { Command } from '../../command.ts'
import { connect, connectionOptions } from '../../connection.ts'
import { exitCodes } from '../../exit.ts'
import { differenceSummary, differenceText } from '../../output/policy-difference.ts'
import { print } from '../../output/write.ts'
import { readPolicyFile } from '../../policy-file.ts'
import { oneFile } from './one-file.ts'
import { sendDocument } from './send-document.ts'

export const policyDiff: Command = {
  path: 'policy diff',
  summary: 'Show what a document would change of the policies of a running server.',
  usage: 'policy diff [OPTIONS] FILE',
  description: [
    'FILE is YAML or JSON; - reads standard input. Ends with 0 where nothing differs, 1 where something does, 3 where that could not be found out.',
    'The client needs lanner-policies:write, as for `lanner policy apply`; nothing is written.',
  ],
  options: {
    json: { type: 'boolean', help: 'Write revision and changes as JSON.' },
    ...connectionOptions,
  },
  examples: [['policy diff policies.yaml', 'Whether the file and the server agree.']],
  async run(call) {
    const { options, terminal } = call
    const path = oneFile(call, 'policy diff')
    const client = connect(call, 'policy diff')
    const file = await readPolicyFile(path, terminal)
    const tried = await sendDocument(client, file, { dry_run: true }, call)
    if (!tried) return exitCodes.notAssessed
    const { changes } = tried
    if (options.flag('json')) await print(terminal.out, `${JSON.stringify(tried, undefined, 2)}\n`)
    else if (changes.length > 0) await print(terminal.out, differenceText(changes, terminal))
    if (!options.flag('json')) terminal.err.write(`lanner: ${differenceSummary(changes)}\n`)
    return changes.length === 0 ? exitCodes.pass : exitCodes.findings
  },
}
