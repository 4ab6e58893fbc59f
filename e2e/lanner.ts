import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Package, Report, ReportSet } from '../packages/model/src/index.ts'
import { type Ended, type RunOptions, run } from './process.ts'
import { madeFolder, newFolder, root, suiteFolder } from './suite.ts'

/** A user of the command: folders of their own, and nothing of this machine's user. */
export interface User {
  readonly home: string
  readonly cache: string
  /** TMPDIR. */
  readonly temporary: string
  readonly environment: Readonly<Record<string, string>>
}

export function newUser(name: string): User {
  const folder = newFolder(name)
  const home = madeFolder(folder, 'home')
  const cache = madeFolder(folder, 'cache')
  const temporary = madeFolder(folder, 'tmp')
  return {
    home,
    cache,
    temporary,
    environment: {
      PATH: process.env['PATH'] ?? '/usr/bin:/bin',
      HOME: home,
      TMPDIR: temporary,
      LANNER_CACHE_DIR: cache,
      // Node keeps stripped sources under TMPDIR unless told otherwise; one place for all users makes starts fast.
      NODE_COMPILE_CACHE: join(suiteFolder, 'compiled'),
    },
  }
}

export const launcher = join(root, 'apps', 'cli', 'bin', 'lanner.cjs')

/** Runs the command as that user, away from the checkout. */
export function lanner(user: User, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return run(process.execPath, [launcher, ...args], {
    cwd: user.home,
    ...options,
    env: { ...user.environment, ...options.env },
  })
}

/** Fails with everything that the command said unless it ended with this code. */
export function assertExit(ended: Ended, code: number): void {
  const said = `exit ${ended.signal ?? ended.code}, expected ${code}\n${ended.stderr}\n${ended.stdout.slice(0, 2000)}`
  assert.equal(ended.code, code, said)
}

/** Scans into JSON; the command has to end with `code`. */
export async function scanned(
  user: User,
  args: readonly string[],
  options: RunOptions & { readonly code?: number } = {},
): Promise<ReportSet> {
  const ended = await lanner(user, ['scan', '--json', '--quiet', ...args], options)
  assertExit(ended, options.code ?? 0)
  return JSON.parse(ended.stdout) as ReportSet
}

/** The one report that a single image gives. */
export function onlyReport(set: ReportSet): Report {
  assert.equal(set.reports.length, 1, 'one report')
  return set.reports[0] as Report
}

/** Scans a single image without judging it. */
export async function inventory(user: User, image: string, ...options: readonly string[]): Promise<Report> {
  return onlyReport(await scanned(user, ['--inventory', ...options, image]))
}

/** `name version` of each package of a type, sorted. */
export function namesOf(packages: readonly Package[], type: Package['type']): readonly string[] {
  return packages
    .filter((item) => item.type === type)
    .map((item) => `${item.namespace ? `${item.namespace}/` : ''}${item.name} ${item.version}`)
    .sort()
}
