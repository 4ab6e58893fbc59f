import { assess, folderCaches } from '@lanner/assessment'
import { explainFinding } from '@lanner/assessment/explain'
import { parsePlatform, type ReportSet } from '@lanner/model'
import type { Command, CommandCall } from '../command.ts'
import { exitCodes, UsageError } from '../exit.ts'
import { advisoriesOption, openAdvisories, withoutStore } from '../open-advisories.ts'
import { checkSubject, openSubject, registryOptions } from '../open-subject.ts'
import { progressReporter } from '../output/progress.ts'
import { printable } from '../output/text.ts'
import { print } from '../output/write.ts'
import { assessDocument } from '../scan-document.ts'
import { wasUnread } from '../verdict.ts'

export const why: Command = {
  path: 'why',
  summary: 'Explain one vulnerability for one image: the finding, or why there is none.',
  usage: 'why [OPTIONS] ID IMAGE',
  description: [
    'ID is a CVE or the id of any advisory (GHSA-…, DSA-…, RHSA-…). IMAGE is written as for `lanner scan`.',
    'Says which advisories were asked, which package they concern, which range or list of versions decided, what fixes it; or why nothing was found: no such package, a version outside every range, another release, a withdrawn record, a file that an operating-system package owns.',
    'Exit codes: 0 explained, 2 usage, 3 could not find out.',
  ],
  options: {
    json: { type: 'boolean', help: 'Write the explanation as JSON.' },
    advisories: advisoriesOption,
    platform: { type: 'string', value: 'OS/ARCH', help: 'Only this platform of an index.' },
    offline: { type: 'boolean', help: 'Never use the network: a registry reference is refused.' },
    'no-cache': { type: 'boolean', help: 'Read every layer, and remember none.' },
    quiet: { type: 'boolean', short: 'q', help: 'No progress on standard error.' },
    ...registryOptions,
  },
  examples: [['why CVE-2024-45490 oci:build/image:latest', 'Why is it, or is it not, among the findings?']],
  async run(call) {
    const [id, subject, ...others] = call.positionals
    if (id === undefined || subject === undefined || others.length > 0) {
      throw new UsageError(
        'why needs an advisory id and an image: lanner why CVE-2024-45490 oci:path/to/layout',
        'why',
      )
    }
    if (!/^[A-Za-z][\w.:+-]{2,127}$/.test(id))
      throw new UsageError(
        `${JSON.stringify(id)} is no advisory id, such as CVE-2024-45490 or GHSA-jfh8-c2jp-5v3q`,
        'why',
      )
    checkSubject(subject, 'why')
    const advisories = await openAdvisories(call)
    if (!advisories) {
      call.terminal.err.write(`lanner: ${withoutStore}\n`)
      return exitCodes.notAssessed
    }
    try {
      const set = await inventoryOf(call, subject)
      const explanations = set.reports.map((report) => ({
        reference: report.reference,
        ...explainFinding(canonicalId(id), report, advisories),
      }))
      const text = call.options.flag('json')
        ? `${JSON.stringify(explanations, undefined, 2)}\n`
        : explanations
            .map(({ reference, lines }) => [reference, ...lines.map((line) => `  ${line}`)])
            .map((lines) => lines.map((line) => `${printable(line)}\n`).join(''))
            .join('')
      await print(call.terminal.out, text)
      for (const report of set.reports.filter(wasUnread)) {
        const reason = report.reasons.find(({ informational }) => !informational)
        call.terminal.err.write(`lanner: ${printable(`${report.reference}: ${reason?.message}`)}\n`)
      }
      return set.reports.some(wasUnread) ? exitCodes.notAssessed : exitCodes.pass
    } finally {
      advisories.close()
    }
  },
}

/** As it is published: typed in other letters, an id would be found nowhere, and that would read like good news. */
function canonicalId(id: string): string {
  if (/^cve-/i.test(id)) return id.toUpperCase()
  return /^ghsa-/i.test(id) ? `GHSA-${id.slice('GHSA-'.length).toLowerCase()}` : id
}

async function inventoryOf(call: CommandCall, subject: string): Promise<ReportSet> {
  const { options, settings, signal, terminal, version } = call
  const progress = progressReporter(terminal, options.flag('quiet'))
  const platform = options.text('platform')
  if (platform !== undefined && !parsePlatform(platform))
    throw new UsageError(`--platform ${platform}: write it like linux/arm64`, 'why')
  const onEvent: typeof progress.onEvent = (event) => {
    // Nothing is matched here: the explanation asks the advisories itself.
    if (event.kind !== 'matched') progress.onEvent(event)
  }
  try {
    if (subject.startsWith('sbom:'))
      return await assessDocument(subject.slice('sbom:'.length), { version, onEvent })
    const source = await openSubject(call, subject, 'why')
    try {
      const cache = options.flag('no-cache') ? {} : folderCaches(settings.cacheFolder)
      return await assess(source, {
        version,
        signal,
        onEvent,
        ...cache,
        ...(platform ? { platform: parsePlatform(platform) } : {}),
      })
    } finally {
      await source.close()
    }
  } finally {
    progress.finish()
  }
}
