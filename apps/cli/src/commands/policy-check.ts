import { appendFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type GateReport, resultSentences, resultWord } from '@lanner/documents/gate'
import type { Command, CommandCall, Terminal } from '../command.ts'
import { connect, connectionOf, connectionOptions } from '../connection.ts'
import { durationOf } from '../duration.ts'
import { type ExitCode, UsageError } from '../exit.ts'
import { type Asked, askedOf, awaitVerdict } from '../gate/await-verdict.ts'
import { gateExit, gateResult } from '../gate/gate-result.ts'
import { type GateImage, parseImage } from '../gate/image-name.ts'
import { gateTable } from '../output/gate-table.ts'
import { movingLine } from '../output/moving-line.ts'
import { printable } from '../output/text.ts'
import { openOutput } from '../output/write.ts'

const longestWait = 24 * 3_600_000

export const policyCheck: Command = {
  path: 'policy-check',
  summary: 'Ask a running server whether an image may pass: for pipelines.',
  usage: 'policy-check [OPTIONS] IMAGE',
  description: [
    'IMAGE is repository:tag or repository@digest, with the host of a registry in front or without: then in any registry. The host of the server itself stands for what was pushed to it. The client needs the scope lanner-verdicts:read and no other.',
    'Exit codes: 0 pass (also with an alert, which is told), 1 denied, 2 usage, 3 could not find out: the image is unknown, still pending or not assessable and no policy decides by that alone, or the server cannot be asked. The reason is told.',
    'Where GITHUB_STEP_SUMMARY is set and no --format is given, the result is appended there as Markdown, beside the table.',
  ],
  options: {
    wait: {
      type: 'string',
      value: '[DURATION]',
      bare: { value: '5m', shape: /^\d+(?:\.\d+)?(?:ms|s|m|h)?$/ },
      help: 'Wait so long for an assessment that is not there yet, through restarts of the server: 90s, 5m. 5m where no duration is given.',
    },
    format: {
      type: 'string',
      short: 'f',
      choices: ['table', 'json', 'sarif', 'junit', 'markdown'],
      help: 'How the result is written. Default: table.',
    },
    json: { type: 'boolean', help: 'The same as --format json.' },
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      help: 'Write the result to FILE instead of standard output; it appears whole or not at all.',
    },
    architecture: {
      type: 'string',
      value: 'ARCH',
      help: 'Only this platform of an index, such as arm64. Default: the worst of all.',
    },
    'allow-unassessed': {
      type: 'boolean',
      help: 'Let pass what is unknown, pending or not assessable, unless a policy blocks it.',
    },
    quiet: { type: 'boolean', short: 'q', help: 'No progress on standard error.' },
    ...connectionOptions,
  },
  examples: [
    ['policy-check shop/checkout:1.8.2 --wait 5m', 'Wait for the assessment of what was just pushed.'],
    [
      'policy-check --format junit --output policy.xml shop/checkout:1.8.2',
      'A report that Jenkins and GitLab show.',
    ],
  ],
  run: runPolicyCheck,
}

async function runPolicyCheck(call: CommandCall): Promise<ExitCode> {
  const { positionals, options, terminal, settings, signal } = call
  const [subject, ...others] = positionals
  if (subject === undefined || others.length > 0)
    throw new UsageError(
      subject === undefined
        ? 'policy-check needs an image, such as shop/checkout:1.8.2'
        : `policy-check takes one image; what is ${others.join(' ')}?`,
      'policy-check',
    )
  const format = options.text('format') ?? (options.flag('json') ? 'json' : undefined)
  if (options.flag('json') && format !== 'json')
    throw new UsageError(`--json and --format ${format} are two formats`, 'policy-check')
  const wait = waitOf(options.text('wait'))
  const image = parseImage(subject, connectionOf(call, 'policy-check').url, 'policy-check')
  const output = await openOutput(options.text('output'), terminal)
  try {
    const asked = await ask(call, image, subject, wait)
    signal.throwIfAborted()
    const outcome = gateResult(asked, { allowUnassessed: options.flag('allow-unassessed'), waited: wait })
    const report = { tool: { name: 'lanner', version: call.version }, subject, ...outcome }
    // A file has no colours.
    const place = options.text('output') ? { ...terminal, colour: false } : terminal
    await output.write(await render(format ?? 'table', report, place))
    const summary = settings.environment['GITHUB_STEP_SUMMARY']
    if (summary && format === undefined) await summarize(summary, report, terminal)
    // What is written for machines says nothing in a log.
    if (format !== undefined && format !== 'table' && !options.flag('quiet'))
      terminal.err.write(
        `lanner: ${printable([resultWord(report), subject, ...resultSentences(report)].join(' '))}\n`,
      )
    return gateExit(outcome)
  } finally {
    await output.close()
  }
}

function waitOf(text: string | undefined): number {
  if (text === undefined) return 0
  const wait = durationOf(text)
  if (wait === undefined || wait > longestWait)
    throw new UsageError(`--wait ${text}: a duration such as 90s or 5m, at most 24h`, 'policy-check')
  return wait
}

async function ask(call: CommandCall, image: GateImage, subject: string, wait: number): Promise<Asked> {
  const { options, terminal, signal } = call
  const client = connect(call, 'policy-check')
  const architecture = options.text('architecture')
  const parameters = { ...image, ...(architecture === undefined ? {} : { architecture }) }
  const begun = performance.now()
  const quiet = options.flag('quiet')
  let state = 'asking'
  const line = quiet || wait === 0 ? undefined : movingLine(terminal, waitingWords)
  function waitingWords(): string {
    const seconds = Math.round((performance.now() - begun) / 1000)
    return printable(`${subject}: ${state}; waiting, ${seconds} s of ${Math.round(wait / 1000)} s`)
  }
  try {
    return await awaitVerdict({
      wait,
      signal,
      now: () => performance.now(),
      async ask(interrupted, within) {
        const limited = AbortSignal.any([interrupted, AbortSignal.timeout(Math.ceil(within))])
        const result = await client.command('GetVerdict', { parameters, signal: limited })
        return askedOf(result, Date.now())
      },
      async pause(milliseconds, interrupted) {
        // Interrupted meanwhile: whoever waits looks at the signal.
        await sleep(milliseconds, undefined, { signal: interrupted }).catch(() => {})
      },
      onWait(asked) {
        const known = 'problem' in asked ? asked.problem : `${asked.verdict.state}, ${asked.verdict.reason}`
        if (known === state) return
        state = known
        if (!quiet && !terminal.interactive) terminal.err.write(`${waitingWords()}\n`)
      },
    })
  } finally {
    line?.end()
  }
}

async function render(
  format: string,
  report: GateReport,
  terminal: Pick<Terminal, 'colour' | 'columns'>,
): Promise<string> {
  if (format === 'table') return gateTable(report, terminal)
  const { tool: _, ...result } = report
  if (format === 'json')
    return `${JSON.stringify({ ...result, exit_code: gateExit(report), verdict: report.verdict ?? null }, null, 2)}\n`
  const { writeGate } = await import('@lanner/documents/gate')
  return writeGate(format, report)
}

/** A summary that cannot be written changes nothing about the result. */
async function summarize(path: string, report: GateReport, terminal: Terminal): Promise<void> {
  try {
    const { writeGate } = await import('@lanner/documents/gate')
    await appendFile(path, `${writeGate('markdown', report)}\n`)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    terminal.err.write(`lanner: the summary of the step was not written: ${printable(reason)}\n`)
  }
}
