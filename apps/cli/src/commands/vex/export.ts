import type { Command, CommandCall } from '../../command.ts'
import { connect, connectionOf, connectionOptions, failureText } from '../../connection.ts'
import { type ExitCode, exitCodes, UsageError } from '../../exit.ts'
import { parseImage } from '../../gate/image-name.ts'
import { counted, printable } from '../../output/text.ts'
import { openOutput } from '../../output/write.ts'

export const vexExport: Command = {
  path: 'vex export',
  summary: 'Write the exclusions of a running server as OpenVEX.',
  usage: 'vex export [OPTIONS] [IMAGE]',
  description: [
    'All exclusions that hold, or with IMAGE those that spared something in it: repository:tag or repository@digest, with the host of its registry in front where it has one.',
    'A reason that was imported with a justification has it again; every other is an impact statement with the description, and with the end where there is one. What VEX has no words for (detections, licences, paths, severities) is left out and counted on standard error.',
  ],
  options: {
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      help: 'Write the document to FILE instead of standard output.',
    },
    architecture: { type: 'string', value: 'ARCH', help: 'One platform of an index, such as arm64.' },
    ...connectionOptions,
  },
  examples: [
    ['vex export --output estate.openvex.json', 'All of them.'],
    ['vex export shop/checkout:1.8.2', 'To go with an image that is handed on.'],
  ],
  run: runExport,
}

async function runExport(call: CommandCall): Promise<ExitCode> {
  const { positionals, options, terminal, signal } = call
  const [subject, ...others] = positionals
  if (others.length > 0)
    throw new UsageError(`vex export takes one image; what is ${others.join(' ')}?`, 'vex export')
  const architecture = options.text('architecture')
  if (architecture !== undefined && subject === undefined)
    throw new UsageError('--architecture is about one image: name it', 'vex export')
  const { url } = connectionOf(call, 'vex export')
  const image = subject === undefined ? {} : parseImage(subject, url, 'vex export')
  const client = connect(call, 'vex export')
  const output = await openOutput(options.text('output'), terminal)
  try {
    const parameters = { ...image, ...(architecture === undefined ? {} : { architecture }) }
    const result = await client.command('ExportVex', { parameters, signal })
    signal.throwIfAborted()
    const exported = result.ok ? result.body.resources[0] : undefined
    if (!result.ok || !exported) {
      const message = result.ok ? 'the server gave no document' : failureText('nothing was exported', result)
      terminal.err.write(`lanner: ${printable(message)}\n`)
      return exitCodes.notAssessed
    }
    await output.write(`${JSON.stringify(exported.document, undefined, 2)}\n`)
    terminal.err.write(`lanner: ${counted(exported.statements, 'statement')}\n`)
    for (const { exclusions, message } of exported.left_out)
      terminal.err.write(`lanner: ${counted(exclusions, 'exclusion')} left out: ${printable(message)}\n`)
    return exitCodes.pass
  } finally {
    await output.close()
  }
}
