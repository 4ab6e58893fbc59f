import { readFile } from 'node:fs/promises'
import type { LannerClient, VexImportReport } from '@lanner/sdk'
import type { Command, CommandCall } from '../../command.ts'
import { connect, connectionOptions, failureText } from '../../connection.ts'
import { type ExitCode, exitCodes, UsageError } from '../../exit.ts'
import { printable } from '../../output/text.ts'
import { vexReport } from '../../output/vex-report.ts'
import { print } from '../../output/write.ts'

export const vexImport: Command = {
  path: 'vex import',
  summary: 'Make exclusions of what VEX documents say to be not affected or fixed.',
  usage: 'vex import [OPTIONS] FILE ...',
  description: [
    'FILE is OpenVEX 0.2.0, CycloneDX 1.4 to 1.7 with analyses of vulnerabilities, or CSAF 2.0 of the VEX profile, as JSON; - reads standard input. A newer version of a document takes the place of the one before, and a later statement that says affected or under_investigation takes the exclusion back.',
    'The report says of every statement whether it was taken, and why not. Signatures are not verified: import what you trust.',
    'Exit codes: 0 something of every file matched, 1 nothing of a file did, 2 usage, 3 a file was refused, or the server cannot be asked.',
  ],
  options: {
    'dry-run': { type: 'boolean', help: 'Report the same and change nothing.' },
    'keep-unmatched': {
      type: 'boolean',
      help: 'Take statements that match no image, package or vulnerability now, too: for images to come.',
    },
    json: { type: 'boolean', help: 'Write the reports as JSON.' },
    ...connectionOptions,
  },
  examples: [
    ['vex import --dry-run supplier.openvex.json', 'See what would be taken.'],
    ['vex import vex/*.json', 'Take all documents of a folder.'],
  ],
  run: runImport,
}

async function runImport(call: CommandCall): Promise<ExitCode> {
  const { positionals, options, terminal } = call
  if (positionals.length === 0) throw new UsageError('vex import needs a file', 'vex import')
  const client = connect(call, 'vex import')
  const reports: VexImportReport[] = []
  const problems: string[] = []
  for (const path of positionals) {
    const outcome = await importFile(client, path, call)
    if (typeof outcome !== 'string') reports.push(outcome)
    else {
      problems.push(outcome)
      terminal.err.write(`lanner: ${printable(outcome)}\n`)
    }
  }
  await print(
    terminal.out,
    options.flag('json')
      ? `${JSON.stringify(reports, undefined, 2)}\n`
      : reports.map((report) => vexReport(report, terminal)).join('\n'),
  )
  if (problems.length > 0) return exitCodes.notAssessed
  return reports.every(matched) ? exitCodes.pass : exitCodes.findings
}

/** The report, or why there is none. */
async function importFile(
  client: LannerClient,
  path: string,
  { options, terminal, signal }: CommandCall,
): Promise<VexImportReport | string> {
  const name = path === '-' ? 'standard input' : path
  let document: unknown
  try {
    document = JSON.parse((await contentOf(path, terminal)).replace(/^\uFEFF/, ''))
  } catch (error) {
    return `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return `${name} is no JSON object`
  const result = await client.command('ImportVex', {
    body: {
      document: document as Record<string, unknown>,
      name: name.slice(0, 1024),
      dry_run: options.flag('dry-run'),
      keep_unmatched: options.flag('keep-unmatched'),
    },
    signal,
  })
  signal.throwIfAborted()
  if (!result.ok) return failureText(`${name} was not taken`, result)
  return result.body.resources[0] ?? `${name}: the server gave no report`
}

async function contentOf(path: string, terminal: CommandCall['terminal']): Promise<string> {
  if (path !== '-') return readFile(path, 'utf8')
  const chunks: Buffer[] = []
  for await (const chunk of terminal.in ?? process.stdin) chunks.push(Buffer.from(chunk as Buffer | string))
  return Buffer.concat(chunks).toString('utf8')
}

/** Whether anything of a document is about this account: also what takes back, or spares nothing. */
function matched({ statements, statements_taken, exclusions_withdrawn }: VexImportReport): boolean {
  if (statements_taken > 0 || exclusions_withdrawn.length > 0) return true
  return statements.some(({ refusals }) => refusals.some(({ reason }) => reason === 'spares_nothing'))
}
