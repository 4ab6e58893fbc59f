import type { PolicyPreviewResult } from '@lanner/sdk'
import type { Command, CommandCall } from '../../command.ts'
import { connect, connectionOptions, failureText } from '../../connection.ts'
import { type ExitCode, exitCodes, UsageError } from '../../exit.ts'
import { previewSummary, previewText } from '../../output/policy-preview.ts'
import { printable } from '../../output/text.ts'
import { print } from '../../output/write.ts'
import { readPolicyFile } from '../../policy-file.ts'
import { oneFile } from './one-file.ts'

/** Milliseconds that an answer may take; the server gives up before. */
const patience = 120_000
const mostFlips = 1000

export const policyPreview: Command = {
  path: 'policy preview',
  summary: 'Show which images a document of policies would pass or deny otherwise.',
  usage: 'policy preview [OPTIONS] FILE',
  description: [
    'FILE is YAML or JSON; - reads standard input. Every image is judged by the policies as they are and as the document would make them; nothing is written. A section that the document does not have stays as it is.',
    'Shows how many images would turn, by the policy that would decide then, and which: those that would be denied first. Also the exclusions, as they would be, that cover nothing.',
    'Exit codes: 0 no image would newly be denied, 1 some would, 2 usage, 3 could not find out.',
  ],
  options: {
    limit: {
      type: 'string',
      value: 'N',
      default: '100',
      help: `Images that are listed, 1 to ${mostFlips}; all are counted.`,
    },
    json: { type: 'boolean', help: 'Write the preview as JSON.' },
    ...connectionOptions,
  },
  examples: [
    ['policy preview policies.yaml', 'What applying the file would do.'],
    ['policy preview --json policies.yaml', 'The same for a program.'],
  ],
  run: runPreview,
}

async function runPreview(call: CommandCall): Promise<ExitCode> {
  const { options, terminal, signal } = call
  const path = oneFile(call, 'policy preview')
  const limit = limitOf(options.text('limit') ?? '')
  const client = connect(call, 'policy preview', { timeout: patience })
  const file = await readPolicyFile(path, terminal)
  const body = { document: file.document, limit }
  const result = await client.command('PreviewPolicies', { body, signal })
  signal.throwIfAborted()
  const preview = result.ok ? result.body.resources[0] : undefined
  if (!preview) {
    const why = result.ok
      ? 'the server answered without a preview'
      : result.status === 400
        ? file.located(result.message)
        : failureText('there is no preview', result)
    terminal.err.write(`lanner: ${printable(why)}\n`)
    return exitCodes.notAssessed
  }
  if (options.flag('json')) await print(terminal.out, `${JSON.stringify(preview, undefined, 2)}\n`)
  else await print(terminal.out, previewText(preview, terminal))
  if (!options.flag('json')) terminal.err.write(`lanner: ${previewSummary(preview)}\n`)
  return newlyDenied(preview) > 0 ? exitCodes.findings : exitCodes.pass
}

/** By what is counted: the flips that are listed may be fewer. */
function newlyDenied({ by_policy }: PolicyPreviewResult): number {
  return by_policy.reduce((sum, { to, images }) => sum + (to === 'block' ? images : 0), 0)
}

function limitOf(text: string): number {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (limit >= 1 && limit <= mostFlips) return limit
  throw new UsageError(`--limit ${text}: a number from 1 to ${mostFlips}`, 'policy preview')
}
