/**
 * `npm test [-- WORD …]`: every test beside the code, one process a room (its files share it), two rooms at a time.
 * Words choose rooms or files by a part of their path. Ends with `N passed, N failed, N skipped`.
 */
import { spawn } from 'node:child_process'
import { chmodSync, globSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const words = process.argv.slice(2)
const patterns = ['packages/*/src/**/*.test.ts', 'apps/*/src/**/*.test.ts', 'tools/**/*.test.ts']

interface Outcome {
  readonly room: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  readonly seconds: number
  readonly output: string
  readonly code: number | null
}

/** The server is as large as all other rooms together: its folders are rooms of their own here. */
function roomOf(path: string): string {
  const [folder, name, , part] = path.split('/')
  if (folder === 'tools') return folder
  return name === 'server' && !part.endsWith('.ts') ? `${folder}/${name} ${part}` : `${folder}/${name}`
}

const GiB = 2 ** 30

/**
 * Where tests put what they make: in memory where there is plenty (they use about 1 GiB), since each of several hundred
 * databases is a few hundred files. Removed at the end, also of what a killed test left.
 */
function temporaryFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    if (bavail * bsize >= 4 * GiB && process.availableMemory() >= 8 * GiB)
      return openToAll(mkdtempSync('/dev/shm/lanner-test-'))
  } catch {
    // No memory to write to: the disk does.
  }
  return openToAll(mkdtempSync(join(tmpdir(), 'lanner-test-')))
}

/** As a folder for temporary files is: a database that root starts runs as another user. */
function openToAll(folder: string): string {
  chmodSync(folder, 0o1777)
  return folder
}

function count(output: string, word: string): number {
  return Number(new RegExp(`^# ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0)
}

function runRoom(room: string, files: readonly string[]): Promise<Outcome> {
  const started = performance.now()
  const child = spawn(
    process.execPath,
    [
      '--test',
      '--test-isolation=none',
      '--test-reporter=tap',
      `--import=${join(root, 'packages/testkit/src/no-network.ts')}`,
      ...files,
    ],
    // A proxy of the machine must not lead tests astray, and no user's credentials may take part.
    {
      cwd: root,
      env: {
        ...process.env,
        TMPDIR: temporary,
        NODE_OPTIONS: '',
        HTTP_PROXY: '',
        HTTPS_PROXY: '',
        http_proxy: '',
        https_proxy: '',
      },
    },
  )
  let output = ''
  child.stdout.on('data', (text) => (output += text))
  child.stderr.on('data', (text) => (output += text))
  return new Promise((resolve) => {
    child.on('close', (code) => {
      const failed = count(output, 'fail') + count(output, 'cancelled')
      resolve({
        room,
        passed: count(output, 'pass'),
        failed: failed === 0 && code !== 0 ? 1 : failed,
        skipped: count(output, 'skipped') + count(output, 'todo'),
        seconds: (performance.now() - started) / 1000,
        output,
        code,
      })
    })
  })
}

const files = globSync(patterns, { cwd: root }).filter(
  (path) => words.length === 0 || words.some((word) => path.includes(word)),
)
/** What runs servers and databases takes longest, and begins first. */
const length = ([room, all]: readonly [string, readonly string[]]) =>
  all.length + (room.startsWith('apps/') ? 1000 : 0)
const rooms = [...Map.groupBy(files.sort(), roomOf)].sort((a, b) => length(b) - length(a))
const outcomes: Outcome[] = []
const temporary = temporaryFolder()
process.once('exit', () => rmSync(temporary, { recursive: true, force: true, maxRetries: 3 }))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))

async function worker(): Promise<void> {
  for (let next = rooms.shift(); next; next = rooms.shift()) {
    const outcome = await runRoom(...next)
    outcomes.push(outcome)
    process.stdout.write(
      `${outcome.code === 0 ? 'ok  ' : 'FAIL'} ${outcome.room.padEnd(26)} ${String(outcome.passed).padStart(5)} passed ${String(outcome.failed).padStart(3)} failed ${String(outcome.skipped).padStart(3)} skipped ${outcome.seconds.toFixed(1).padStart(6)} s\n`,
    )
    if (outcome.code !== 0) process.stdout.write(`${failures(outcome.output)}\n`)
  }
}

/** The failing parts of a TAP report; all of it when none can be told apart. */
function failures(output: string): string {
  const blocks = output.split(/^(?=(?: {4})*(?:not )?ok \d+)/m).filter((block) => /^ *not ok/.test(block))
  return (blocks.length > 0 ? blocks.join('') : output).slice(0, 20_000)
}

await Promise.all(Array.from({ length: Math.max(2, Math.min(4, availableParallelism())) }, worker))
const sum = (key: 'passed' | 'failed' | 'skipped') =>
  outcomes.reduce((total, outcome) => total + outcome[key], 0)
if (sum('skipped') > 0 && !process.env['LANNER_TEST_DATA']) {
  process.stdout.write('Skipped tests need the test data that LANNER_TEST_DATA names (CONTRIBUTING.md).\n')
}
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`)
process.exitCode =
  sum('failed') > 0 || sum('passed') === 0 || outcomes.some((outcome) => outcome.code !== 0) ? 1 : 0
