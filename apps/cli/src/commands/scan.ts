import { assess, folderCaches } from '@lanner/assessment'
import { documentFormats } from '@lanner/documents/formats'
import { parsePlatform, type ReportSet, type Severity } from '@lanner/model'
import type { Command, CommandCall } from '../command.ts'
import { UsageError } from '../exit.ts'
import { advisoriesOption, openAdvisories, withoutStore } from '../open-advisories.ts'
import { checkSubject, openSubject, registryOptions } from '../open-subject.ts'
import { progressReporter } from '../output/progress.ts'
import { reportTable } from '../output/table.ts'
import { printable } from '../output/text.ts'
import { openOutput } from '../output/write.ts'
import { exitCode, shownFindings, thresholds, type VerdictOptions } from '../verdict.ts'

export const scan: Command = {
  path: 'scan',
  summary: 'Assess an image or a bill of materials.',
  usage: 'scan [OPTIONS] IMAGE',
  description: [
    "IMAGE is a registry reference (docker.io/library/debian:12, also with docker:// before it), oci:PATH[:TAG] for an OCI layout (folder or tar), docker-archive:FILE[:NAME:TAG] for what `docker save` wrote, or sbom:FILE for a CycloneDX or SPDX document, ours or another tool's.",
    'An index is assessed for every platform it holds; the exit code is that of the worst. What could not be assessed, or only in part, says so with the reason, and is never shown as clean.',
    'Exit codes: 0 pass (also when no --fail-on is given), 1 findings at or above --fail-on, 2 usage, 3 could not assess, or only partially under --fail-on without --allow-partial, 130 interrupted.',
  ],
  options: {
    format: {
      type: 'string',
      short: 'f',
      choices: ['table', ...documentFormats],
      default: 'table',
      help: 'How results are written.',
    },
    output: {
      type: 'string',
      short: 'o',
      value: 'FILE',
      help: 'Write results to FILE instead of standard output; it appears whole or not at all.',
    },
    json: { type: 'boolean', help: 'The same as --format json.' },
    'fail-on': {
      type: 'string',
      value: 'SEVERITY',
      multiple: true,
      choices: thresholds,
      help: 'Exit with 1 when a finding is at least this severe; `unknown` means a severity or verdict that is not known. Several may be given: high,unknown.',
    },
    'only-fixable': { type: 'boolean', help: 'Show and count only findings that a newer version fixes.' },
    'allow-partial': {
      type: 'boolean',
      help: 'Under --fail-on, let a partial assessment pass if nothing is found in what was read.',
    },
    platform: {
      type: 'string',
      value: 'OS/ARCH',
      help: 'Only this platform of an index, such as linux/arm64. Default: all of them.',
    },
    advisories: advisoriesOption,
    inventory: { type: 'boolean', help: 'Only list what is in the image; no advisories are needed.' },
    offline: { type: 'boolean', help: 'Never use the network: a registry reference is refused.' },
    'no-cache': { type: 'boolean', help: 'Read every layer, and remember none.' },
    quiet: { type: 'boolean', short: 'q', help: 'No progress on standard error.' },
    ...registryOptions,
  },
  examples: [
    [
      'scan docker.io/library/debian:12',
      'Assess an image in a registry, with the credentials that docker or podman stored.',
    ],
    [
      'scan --fail-on high --only-fixable oci:build/image:latest',
      'Stop a pipeline when something high or worse has a fix.',
    ],
    [
      'scan --format cyclonedx --output bom.json docker-archive:image.tar',
      'Write a bill of materials with its findings.',
    ],
    ['scan sbom:bom.json', "Assess a bill of materials against today's advisories."],
  ],
  async run(call) {
    const [subject, ...others] = call.positionals
    if (subject === undefined)
      throw new UsageError(
        'scan needs an image, such as docker.io/library/debian:12 or oci:path/to/layout:tag',
        'scan',
      )
    if (others.length > 0) throw new UsageError(`scan takes one image; what is ${others.join(' ')}?`, 'scan')
    checkSubject(subject, 'scan')
    const { options } = call
    if (options.flag('inventory') && options.given('fail-on'))
      throw new UsageError('--inventory judges nothing, so there is nothing for --fail-on to fail on', 'scan')
    if (options.flag('json') && !['table', 'json'].includes(options.text('format') ?? 'json'))
      throw new UsageError(`--json and --format ${options.text('format')} are two formats`, 'scan')
    const platformText = options.text('platform')
    if (platformText !== undefined && !parsePlatform(platformText))
      throw new UsageError(`--platform ${platformText}: write it like linux/arm64`, 'scan')
    const output = await openOutput(call.options.text('output'), call.terminal)
    try {
      const set = await assessSubject(call, subject)
      await output.write(await render(call, set))
      // Told last, where it is read: what came before is the inventory alone.
      const unjudged = set.reports.some(({ reasons }) => reasons.some(({ code }) => code === 'no-advisories'))
      if (unjudged && !call.options.flag('inventory')) call.terminal.err.write(`lanner: ${withoutStore}\n`)
      return exitCode(set, verdictOptions(call))
    } finally {
      await output.close()
    }
  },
}

async function assessSubject(call: CommandCall, subject: string): Promise<ReportSet> {
  const { options, settings, signal, terminal, version } = call
  const inventory = options.flag('inventory')
  const advisories = inventory ? undefined : await openAdvisories(call)
  const progress = progressReporter(terminal, options.flag('quiet'))
  const platform = options.text('platform')
  const common = {
    version,
    signal,
    onEvent: progress.onEvent,
    ...(advisories ? { advisories } : {}),
  }
  try {
    if (subject.startsWith('sbom:')) {
      const { assessDocument } = await import('../scan-document.ts')
      return await assessDocument(subject.slice('sbom:'.length), common)
    }
    const source = await openSubject(call, subject, 'scan')
    try {
      return await assess(source, {
        ...common,
        ...(options.flag('no-cache') ? {} : folderCaches(settings.cacheFolder)),
        ...(platform ? { platform: parsePlatform(platform) } : {}),
      })
    } finally {
      await source.close()
    }
  } finally {
    progress.finish()
    advisories?.close()
  }
}

async function render(call: CommandCall, set: ReportSet): Promise<string> {
  const { options, terminal } = call
  const format = options.flag('json') ? 'json' : (options.text('format') ?? 'table')
  const verdict = verdictOptions(call)
  if (format !== 'table') {
    const { writeDocument } = await import('@lanner/documents')
    const reports = set.reports.map((report) => ({ ...report, findings: shownFindings(report, verdict) }))
    return writeDocument(format, { ...set, reports })
  }
  // A file has no colours and no width.
  const place = options.text('output') ? { ...terminal, colour: false } : terminal
  const tables = set.reports.map((report) =>
    reportTable(report, place, {
      inventory: options.flag('inventory'),
      findings: shownFindings(report, verdict),
    }),
  )
  const others = set.others.map(
    (other) =>
      `not assessed: ${printable([other.digest, other.platform, other.message].filter(Boolean).join(' '))}\n`,
  )
  return [...tables, ...others].join('\n')
}

function verdictOptions({ options }: CommandCall): VerdictOptions {
  return {
    inventory: options.flag('inventory'),
    failOn: options.list('fail-on') as readonly Severity[],
    onlyFixable: options.flag('only-fixable'),
    allowPartial: options.flag('allow-partial'),
  }
}
