import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { output } from '../process.ts'
import { madeFolder, newFolder } from '../suite.ts'

// Two that want different versions of `debug` and `ms`, so that some are nested; one in a scope; one with a known flaw.
const wanted = ['lodash@4.17.4', 'express@4.18.2', 'debug@4.3.4', '@babel/runtime@7.23.0']

interface Listed {
  readonly version?: string
  readonly dependencies?: Readonly<Record<string, Listed>>
}

/** Installs from the npm registry; answers with what `npm ls` lists, every distinct package once. */
export async function npmContent(tree: string): Promise<readonly string[]> {
  const folder = madeFolder(tree, 'srv', 'shop')
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'shop', version: '1.0.0' }))
  const options = {
    cwd: folder,
    env: { ...process.env, npm_config_cache: newFolder('npm'), npm_config_update_notifier: 'false' },
  }
  await output('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...wanted], options)
  const listed: Listed = JSON.parse(await output('npm', ['ls', '--all', '--json'], options))
  const rows = new Set(['shop 1.0.0'])
  const collect = ({ dependencies = {} }: Listed): void => {
    for (const [name, dependency] of Object.entries(dependencies)) {
      if (dependency.version) rows.add(`${name} ${dependency.version}`)
      collect(dependency)
    }
  }
  collect(listed)
  return [...rows].sort()
}

/** Folders that `npm ls` knows, below the image's root. */
export async function npmFolders(tree: string): Promise<readonly string[]> {
  const listed = await output('npm', ['ls', '--all', '--parseable'], { cwd: join(tree, 'srv', 'shop') })
  return listed
    .trim()
    .split('\n')
    .map((folder) => `${folder.slice(folder.indexOf('/srv/shop') + 1)}/package.json`)
    .sort()
}
