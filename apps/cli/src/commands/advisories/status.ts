import { resolve } from 'node:path'
import { openStore, storeRevision } from '@lanner/advisories'
import type { Command } from '../../command.ts'
import { exitCodes } from '../../exit.ts'
import { storeOptions, withoutStore } from '../../open-advisories.ts'
import { sourceTable } from '../../output/advisories.ts'

export const advisoriesStatus: Command = {
  path: 'advisories status',
  summary: 'Show what the advisory store holds and how old each source is.',
  usage: 'advisories status [OPTIONS]',
  description: [],
  options: {
    store: storeOptions.store,
    json: { type: 'boolean', help: 'Write the state as JSON.' },
  },
  examples: [],
  async run({ options, settings, terminal }) {
    const folder = resolve(options.text('store') ?? settings.advisoryFolder)
    if (storeRevision(folder) === undefined) {
      terminal.err.write(`lanner: ${withoutStore}\n`)
      return exitCodes.notAssessed
    }
    const store = openStore(folder)
    try {
      const sources = store.freshness()
      if (options.flag('json'))
        terminal.out.write(`${JSON.stringify({ folder, revision: store.revision, sources }, undefined, 2)}\n`)
      else
        terminal.out.write(
          `${folder}\nrevision ${store.revision}\n\n${sourceTable(sources, new Date()).join('\n')}\n`,
        )
      return exitCodes.pass
    } finally {
      store.close()
    }
  },
}
