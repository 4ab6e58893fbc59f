import type { PolicyDifference } from '@lanner/sdk'
import type { Command, CommandCall } from '../../command.ts'
import { connect, connectionOptions } from '../../connection.ts'
import { type ExitCode, exitCodes, UsageError } from '../../exit.ts'
import { differenceSummary, differenceText } from '../../output/policy-difference.ts'
import { agreed, canAsk } from '../../output/question.ts'
import { counted, printable } from '../../output/text.ts'
import { print } from '../../output/write.ts'
import { readPolicyFile } from '../../policy-file.ts'
import { oneFile } from './one-file.ts'
import { sendDocument } from './send-document.ts'

export const policyApply: Command = {
  path: 'policy apply',
  summary: 'Make the policies of a running server what a document says.',
  usage: 'policy apply [OPTIONS] FILE',
  description: [
    'FILE is YAML or JSON; - reads standard input. Shows what differs, then changes all of it in one step or nothing: also nothing where somebody else changed the policies in between.',
    'A section that the document does not have (policies, groups, exclusions) stays as it is; of one that it has, what it does not list is deleted. On a terminal you are asked before policies are deleted.',
  ],
  options: {
    'dry-run': { type: 'boolean', help: 'Show what differs and change nothing.' },
    yes: { type: 'boolean', short: 'y', help: 'Do not ask.' },
    json: { type: 'boolean', help: 'Write revision and changes as JSON.' },
    ...connectionOptions,
  },
  examples: [
    ['policy apply policies.yaml', 'Apply a file.'],
    ['policy apply - --yes', 'Take it from standard input, and ask nothing.'],
  ],
  run: runApply,
}

async function runApply(call: CommandCall): Promise<ExitCode> {
  const { options, terminal } = call
  const path = oneFile(call, 'policy apply')
  const client = connect(call, 'policy apply')
  const file = await readPolicyFile(path, terminal)
  const tried = await sendDocument(client, file, { dry_run: true }, call)
  if (!tried) return exitCodes.notAssessed
  const { changes, revision } = tried
  const json = options.flag('json')
  const told = (applied: boolean, at: number) =>
    json
      ? print(terminal.out, `${JSON.stringify({ applied, revision: at, changes }, undefined, 2)}\n`)
      : undefined
  if (!json && changes.length > 0) await print(terminal.out, differenceText(changes, terminal))
  if (changes.length === 0 || options.flag('dry-run')) {
    terminal.err.write(`lanner: ${differenceSummary(changes)}\n`)
    await told(false, revision)
    return exitCodes.pass
  }
  if (!options.flag('yes') && !(await mayDelete(call, changes))) {
    terminal.err.write('lanner: nothing was applied\n')
    await told(false, revision)
    return exitCodes.notAssessed
  }
  // What was shown is what is applied.
  const applied = await sendDocument(client, file, { if_revision: revision }, call)
  if (!applied) return exitCodes.notAssessed
  terminal.err.write(
    `lanner: ${counted(applied.changes.length, 'change')} applied; the policies are at revision ${applied.revision}\n`,
  )
  await told(true, applied.revision)
  return exitCodes.pass
}

/** Where somebody is there to be asked, policies go only with their word. */
async function mayDelete(
  { terminal, signal }: CommandCall,
  changes: readonly PolicyDifference[],
): Promise<boolean> {
  const names = changes
    .filter(({ action, kind }) => action === 'delete' && kind === 'policy')
    .map(({ name }) => name)
  if (names.length === 0 || !terminal.interactive) return true
  if (!canAsk(terminal))
    throw new UsageError(
      `this deletes ${counted(names.length, 'policy', 'policies')}, and you cannot be asked while standard input is read: give --yes`,
      'policy apply',
    )
  const shown = names.slice(0, 10).join(', ')
  const more = names.length > 10 ? ` and ${names.length - 10} more` : ''
  return agreed(
    terminal,
    printable(`Delete ${counted(names.length, 'policy', 'policies')} (${shown}${more})?`),
    signal,
  )
}
