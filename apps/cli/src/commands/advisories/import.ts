import { resolve } from 'node:path'
import { importAdvisories } from '@lanner/advisories'
import type { Command } from '../../command.ts'
import { exitCodes, UsageError } from '../../exit.ts'
import { storeOptions, writingStore } from '../../open-advisories.ts'
import { compileProgress, importSummary } from '../../output/advisories.ts'

export const advisoriesImport: Command = {
  path: 'advisories import',
  summary: 'Build the advisory store from a folder of advisories.',
  usage: 'advisories import [OPTIONS] DIR',
  description: [
    'DIR is laid out like the public OSV bucket: <Ecosystem>/all.zip, or <Ecosystem>/<ID>.json. Beside them may lie EPSS/epss_scores-*.csv[.gz], KEV/known_exploited_vulnerabilities.json[.gz], debian-tracker/*.json[.gz] and redhat-vex/ with VEX documents.',
    'The sources found replace the same sources in the store; others stay. The store in use stays as it is until the new one is whole. Records that cannot be read are counted and named.',
  ],
  options: {
    ...storeOptions,
  },
  examples: [['advisories import path/to/advisories', 'For machines without internet access.']],
  async run({ positionals, options, settings, terminal, signal }) {
    const [from, ...others] = positionals
    if (from === undefined || others.length > 0)
      throw new UsageError('advisories import needs one folder', 'advisories import')
    const store = resolve(options.text('store') ?? settings.advisoryFolder)
    const progress = compileProgress(terminal, options.flag('quiet'))
    try {
      const report = await writingStore(store, () =>
        importAdvisories(resolve(from), store, {
          signal,
          now: () => new Date(),
          onProgress: progress.onProgress,
        }),
      )
      progress.finish()
      terminal.out.write(
        options.flag('json') ? `${JSON.stringify(report, undefined, 2)}\n` : importSummary(report, store),
      )
      return report.sources.some((source) => source.failed !== undefined)
        ? exitCodes.notAssessed
        : exitCodes.pass
    } finally {
      progress.finish()
    }
  },
}
