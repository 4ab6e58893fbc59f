import type { CommandCall } from '../command.ts'
import { dataFolderOf } from '../connection.ts'
import { type Check, failed, ok, wordsOf } from './check.ts'
import { checkDatabase } from './database.ts'
import { checkBootstrap, checkFolder, checkMasterKey, checkSpace } from './folder.ts'
import { checkServer } from './server.ts'

/** The oldest Node that runs the sources. */
const oldestNode = 24

/** Every check, in the order in which one would look. */
export async function examine(call: CommandCall): Promise<readonly Check[]> {
  const { options, settings } = call
  const remote = options.given('url') && !options.given('data-dir')
  const checks: Check[] = [checkNode(process.versions.node)]
  const served = await checkServer(call)
  if (!remote) {
    const folder = dataFolderOf(call)
    const there = await checkFolder(folder)
    checks.push(await checkSettings(call), there)
    if (there.state === 'ok')
      checks.push(
        await checkSpace(folder),
        await checkBootstrap(folder),
        await checkMasterKey(folder, settings.environment['LANNER_MASTER_KEY']),
      )
    checks.push(await checkDatabase(call, served))
  }
  return [...checks, ...served.checks]
}

function checkNode(version: string): Check {
  const major = Number.parseInt(version, 10)
  return major >= oldestNode
    ? ok('node', `${version}`)
    : failed(
        'node',
        `${version} is too old`,
        `Install Node ${oldestNode} or newer, or start by \`npm start\`.`,
      )
}

async function checkSettings({ settings }: CommandCall): Promise<Check> {
  const { readServerSettings, serverSettings } = await import('@lanner/server')
  const set = Object.values(serverSettings).filter(({ name }) => settings.environment[name])
  try {
    readServerSettings(settings.environment)
    return ok(
      'settings',
      set.length > 0 ? `set: ${set.map(({ name }) => name).join(', ')}` : 'all as they come',
    )
  } catch (error) {
    return failed(
      'settings',
      wordsOf(error).replaceAll(/\n\s*/g, ' '),
      'Mend the environment; `docs/reference/settings.md` has every setting.',
    )
  }
}
