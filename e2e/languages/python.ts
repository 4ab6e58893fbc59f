import { cpSync, globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { python } from '../peers.ts'
import { output } from '../process.ts'
import { madeFolder, newFolder } from '../suite.ts'

const debianPackages = '/usr/lib/python3/dist-packages'

/** Prints what importlib.metadata finds on the given paths, in the spelling that the specification calls normalised. */
const listing = `
import re, sys
from importlib.metadata import distributions
for found in distributions(path=sys.argv[1:]):
    print(re.sub(r'[-_.]+', '-', found.metadata['Name']).lower(), found.version)`

/**
 * A wheel unpacked and one as it is, an egg zipped and one unpacked, an egg-info folder, and the metadata of every Python
 * package that Debian has on this machine. Answers with what importlib.metadata finds.
 */
export async function pythonContent(tree: string): Promise<readonly string[]> {
  const site = madeFolder(tree, 'opt', 'python', 'site-packages')
  const wheel = await build('Lanner_E2E.Wheel', '1.2.3.post1', 'bdist_wheel')
  await output(python, ['-m', 'zipfile', '--extract', wheel, site])
  const egg = await build('lanner-egg', '0.4', 'bdist_egg')
  const unpacked = madeFolder(site, 'lanner_egg-0.4-py3.egg')
  await output(python, ['-m', 'zipfile', '--extract', egg, unpacked])
  const archives = madeFolder(tree, 'opt', 'python', 'archives')
  const zipped = await build('lanner.zipped', '2!1.0rc2', 'bdist_egg')
  const stored = await build('lanner_stored', '5.0+local.1', 'bdist_wheel')
  for (const archive of [zipped, stored])
    cpSync(archive, join(archives, archive.slice(archive.lastIndexOf('/') + 1)))
  const information = await build('lanner-installed', '7', 'egg_info')
  cpSync(information, join(site, information.slice(information.lastIndexOf('/') + 1)), { recursive: true })

  const debian = madeFolder(tree, debianPackages.slice(1))
  for (const name of globSync(['*.dist-info', '*.egg-info'], { cwd: debianPackages }))
    cpSync(join(debianPackages, name), join(debian, name), { recursive: true, dereference: true })
  const paths = [
    site,
    unpacked,
    debian,
    ...globSync('*', { cwd: archives }).map((name) => join(archives, name)),
  ]
  return [...new Set((await output(python, ['-c', listing, ...paths])).trim().split('\n'))].sort()
}

/** Has setuptools make a distribution of an empty package; answers with the path of what it made. */
async function build(name: string, version: string, command: string): Promise<string> {
  const folder = newFolder('setuptools')
  const module = name.toLowerCase().replaceAll(/[-.]/g, '_')
  writeFileSync(join(madeFolder(folder, module), '__init__.py'), '')
  const facts = { name, version, packages: [module], license: 'MIT', install_requires: ['six>=1'] }
  const keywords = Object.entries(facts).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  writeFileSync(join(folder, 'setup.py'), `from setuptools import setup\nsetup(${keywords.join(', ')})\n`)
  await output(python, ['setup.py', '--quiet', command], { cwd: folder })
  const [made] = globSync(command === 'egg_info' ? '*.egg-info' : 'dist/*', { cwd: folder })
  if (made === undefined) throw new Error(`${command} of ${name} made nothing`)
  return join(folder, made)
}
