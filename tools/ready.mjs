// Makes the checkout ready and goes on with the command: the right Node, the dependencies, then `start`, `test` and the
// like. Plain JavaScript without dependencies, so that it runs on any Node from 18 before anything is installed.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeBundle } from './bundle.mjs'
import bundles from './fresh-bundle.cjs'

export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const runtimeFolder = join(root, 'tools', 'node')
const wantedMajor = 24

/** What each `npm run …` runs, once everything is ready. */
const commands = {
  start: ['apps/cli/bin/lanner.cjs'],
  test: ['tools/test.ts'],
  check: ['tools/check.ts'],
  fix: ['tools/check.ts', '--fix'],
  bench: ['bench/main.ts'],
  e2e: ['e2e/main.ts'],
  generate: ['tools/generate.ts'],
}

const major = (version) => Number.parseInt(version.replace(/^v/, ''), 10)
const say = (text) => process.stderr.write(`lanner: ${text}\n`)

/** The runtime package of this machine, as tools/node/package.json pins it; undefined where npm carries none. */
function runtimePackage() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const { optionalDependencies } = JSON.parse(readFileSync(join(runtimeFolder, 'package.json'), 'utf8'))
  return optionalDependencies[name] ? { name, version: optionalDependencies[name] } : undefined
}

function runtimeBinary(runtime) {
  return join(
    runtimeFolder,
    'node_modules',
    runtime.name,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  )
}

function installedVersion(runtime) {
  try {
    return JSON.parse(readFileSync(join(runtimeFolder, 'node_modules', runtime.name, 'package.json'), 'utf8'))
      .version
  } catch {
    return undefined
  }
}

/** Path of a Node that can run us, or undefined while it still has to be fetched. */
export function nodeBinary() {
  if (major(process.version) >= wantedMajor) return process.execPath
  const runtime = runtimePackage()
  if (!runtime || installedVersion(runtime) !== runtime.version) return undefined
  const binary = runtimeBinary(runtime)
  return existsSync(binary) ? binary : undefined
}

const stampFile = join(root, 'node_modules', '.lanner-lock')

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

export function dependenciesReady() {
  try {
    return readFileSync(stampFile, 'utf8') === lockHash()
  } catch {
    return false
  }
}

function npm(args, folder) {
  const script = process.env.npm_execpath
  // `npm --silent` reaches us as a setting: the reason of a failure must not be silenced with the rest.
  const env = { ...process.env, npm_config_loglevel: 'error' }
  const [program, ...first] = script?.endsWith('.js')
    ? [process.execPath, script]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm']
  return new Promise((resolve, reject) => {
    // What npm prints belongs to the talk, not to the results: it goes to stderr, and only when it failed.
    const child = spawn(program, [...first, ...args], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    })
    let output = ''
    child.stdout.on('data', (text) => {
      output += text
    })
    child.stderr.on('data', (text) => {
      output += text
    })
    child.on('error', (error) => reject(new Error(`npm could not be started: ${error.message}`)))
    child.on('exit', (code) => {
      if (code === 0) resolve()
      else reject(new Error(`\`npm ${args.join(' ')}\` in ${folder} ended with ${code}:\n${output.trim()}`))
    })
  })
}

/** Only one process at a time may set up a checkout; others wait until it is done or its lock is stale. */
async function alone(work) {
  const lock = join(root, 'tools', 'node', '.setting-up')
  for (let waited = 0; ; waited++) {
    try {
      mkdirSync(lock)
      break
    } catch (error) {
      if (error.code !== 'EEXIST')
        throw new Error(
          `the checkout ${root} cannot be written to (${error.code}): clone it into a folder of your own`,
        )
      try {
        if (Date.now() - statSync(lock).mtimeMs > 300_000) rmSync(lock, { recursive: true, force: true })
      } catch {}
      if (waited === 0) say('another process is setting up this checkout; waiting for it')
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
  }
  const release = () => rmSync(lock, { recursive: true, force: true })
  const interrupted = () => {
    release()
    process.exit(130)
  }
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  try {
    await work()
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
    release()
  }
}

/**
 * Fetches what is missing and answers with the Node to go on with. With `bundled`, also makes the bundle that lets the
 * command start faster; without one it runs from its sources.
 */
export async function prepare({ bundled = false } = {}) {
  if (nodeBinary() && dependenciesReady() && (!bundled || bundles.freshBundle())) return nodeBinary()
  await alone(async () => {
    const work = []
    if (!nodeBinary()) {
      const runtime = runtimePackage()
      if (!runtime)
        throw new Error(
          `Node ${process.version} is older than ${wantedMajor}, and npm carries no Node for ${process.platform}-${process.arch}: install Node ${wantedMajor} or newer`,
        )
      say(
        `Node ${process.version} is older than ${wantedMajor}: fetching Node ${runtime.version} from the npm registry into tools/node (once)`,
      )
      work.push(npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], runtimeFolder))
    }
    if (!dependenciesReady()) {
      say(`${existsSync(stampFile) ? 'the lock file changed' : 'first start'}: installing dependencies`)
      work.push(
        npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund'], root).then(() =>
          writeFileSync(stampFile, lockHash()),
        ),
      )
    }
    // All of them end before anything else is said or done: nothing may go on writing behind our back.
    const failed = (await Promise.allSettled(work)).find(({ status }) => status === 'rejected')
    if (failed) throw failed.reason
    if (bundled && !bundles.freshBundle())
      await makeBundle(nodeBinary()).catch((error) => say(`running from the sources: ${error.message}`))
  })
  const binary = nodeBinary()
  if (!binary)
    throw new Error(
      `Node ${wantedMajor} did not arrive in ${runtimeFolder}: run \`npm ci\` there and read what it says`,
    )
  return binary
}

/** Runs a program in place of this one: same terminal, signals passed on, same exit code. */
export function become(binary, args) {
  const child = spawn(binary, args, { stdio: 'inherit' })
  const forward = (signal) => child.kill(signal)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward)
  child.on('error', (error) => {
    say(`${binary} could not be started: ${error.message}`)
    process.exit(3)
  })
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code))
}

/** Without a command, `npm start` starts the platform; options alone are options of that. */
function startArguments(args) {
  const [first] = args
  const asks = ['-h', '--help', '-V', '--version'].includes(first)
  return first === undefined || (first.startsWith('-') && !asks) ? ['serve', ...args] : args
}

async function main() {
  const [name, ...rest] = process.argv.slice(2)
  const command = commands[name]
  if (!command) {
    say(`unknown command ${JSON.stringify(name ?? '')}; one of ${Object.keys(commands).join(', ')}`)
    process.exit(2)
  }
  try {
    const binary = await prepare({ bundled: ['start', 'bench', 'e2e'].includes(name) })
    become(binary, [
      join(root, command[0]),
      ...command.slice(1),
      ...(name === 'start' ? startArguments(rest) : rest),
    ])
  } catch (error) {
    say(error.message)
    process.exit(3)
  }
}

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1]) await main()
