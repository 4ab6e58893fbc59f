import { resolve } from 'node:path'
import { feedAddresses, type UpdatedSource, updateAdvisories } from '@lanner/advisories'
import type { Command } from '../../command.ts'
import { exitCodes } from '../../exit.ts'
import { storeOptions, writingStore } from '../../open-advisories.ts'
import { updateProgress } from '../../output/advisories.ts'
import { columns, counted, printable } from '../../output/text.ts'

export const advisoriesUpdate: Command = {
  path: 'advisories update',
  summary: 'Download what changed in the public feeds into the advisory store.',
  usage: 'advisories update [OPTIONS]',
  description: [
    'The first time whole archives are fetched, then only what changed. A feed that cannot be had, or that looks broken (much smaller than before), keeps its last state and is reported. The store in use stays as it is until the new one is whole.',
    'Feeds: the OSV bucket, EPSS by FIRST, the catalogue of known exploited vulnerabilities by CISA, the Debian security tracker, and on request Red Hat VEX.',
    'Exit codes: 0 all feeds are up to date, 3 at least one could not be had.',
  ],
  options: {
    ecosystem: {
      type: 'string',
      value: 'NAME',
      multiple: true,
      help: 'Only these folders of the OSV bucket (npm, Debian, Alpine, …). Default: all that it lists.',
    },
    url: {
      type: 'string',
      value: 'URL',
      help: 'Base address of the OSV bucket or of a mirror of it. Default: LANNER_ADVISORIES_URL, else the public bucket.',
    },
    'epss-url': {
      type: 'string',
      value: 'URL',
      help: 'Where EPSS scores are, or `none`.',
      default: feedAddresses.epss,
    },
    'kev-url': {
      type: 'string',
      value: 'URL',
      help: 'Where the exploited vulnerabilities are, or `none`.',
      default: feedAddresses.kev,
    },
    'debian-tracker-url': {
      type: 'string',
      value: 'URL',
      help: 'Where the Debian security tracker is, or `none`.',
      default: feedAddresses.debianTracker,
    },
    'redhat-vex': {
      type: 'boolean',
      help: 'Also fetch Red Hat VEX: it says what will not be fixed, and is very large.',
    },
    ...storeOptions,
  },
  examples: [
    ['advisories update', 'All public feeds.'],
    ['advisories update --ecosystem Debian,npm', 'Only what concerns Debian and npm.'],
  ],
  async run({ options, settings, terminal, signal }) {
    const store = resolve(options.text('store') ?? settings.advisoryFolder)
    const address = (name: string): string | false => {
      const text = options.text(name) ?? 'none'
      return text === 'none' ? false : text
    }
    const ecosystems = options.list('ecosystem')
    const baseUrl = options.text('url') ?? settings.advisoriesUrl
    const progress = updateProgress(terminal, options.flag('quiet'))
    try {
      const report = await writingStore(store, () =>
        updateAdvisories(store, {
          ...(ecosystems.length > 0 ? { ecosystems } : {}),
          ...(baseUrl ? { baseUrl } : {}),
          epssUrl: address('epss-url'),
          kevUrl: address('kev-url'),
          debianTrackerUrl: address('debian-tracker-url'),
          redHatVexUrl: options.flag('redhat-vex') ? feedAddresses.redHatVex : false,
          signal,
          onProgress: progress.onProgress,
          now: () => new Date(),
        }),
      )
      progress.finish()
      terminal.out.write(
        options.flag('json')
          ? `${JSON.stringify(report, undefined, 2)}\n`
          : `${summary(report.sources, store).join('\n')}\n`,
      )
      return report.sources.some(({ outcome }) => outcome === 'failed')
        ? exitCodes.notAssessed
        : exitCodes.pass
    } finally {
      progress.finish()
    }
  },
}

const words: Readonly<Record<UpdatedSource['outcome'], string>> = {
  whole: 'taken as a whole',
  changes: 'changed',
  unchanged: 'unchanged',
  failed: 'FAILED, last state kept',
}

function summary(sources: readonly UpdatedSource[], store: string): string[] {
  const rows = sources.map(({ source, outcome, records, message }) => [
    source,
    words[outcome],
    records === undefined ? '' : counted(records, 'record'),
    message ? printable(message) : '',
  ])
  return [store, ...columns(rows).map((line) => `  ${line}`)]
}
