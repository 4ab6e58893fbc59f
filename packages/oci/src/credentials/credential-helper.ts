import { spawn } from 'node:child_process'
import type { Credential } from './credential.ts'
import { CredentialFault } from './credential-fault.ts'
import { Secret } from './secret.ts'

export interface HelperOptions {
  /** Environment of the helper, `PATH` among it; nothing else is passed on. */
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Milliseconds until the helper is killed. Default 30,000. */
  readonly timeout?: number
  readonly signal?: AbortSignal
}

const maxOutput = 64 * 1024
const programName = /^[A-Za-z0-9._-]{1,128}$/

/**
 * Asks `docker-credential-<name> get` for the credential kept under `server`; undefined when it has none. No shell is
 * involved, the server goes in by standard input, and what the program prints is kept out of messages unless it failed.
 * https://github.com/docker/docker-credential-helpers#development. Throws `CredentialFault`.
 */
export async function askCredentialHelper(
  name: string,
  server: string,
  options: HelperOptions,
): Promise<Credential | undefined> {
  if (!programName.test(name) || name.startsWith('.')) {
    throw new CredentialFault(
      'refused',
      `the credential helper ${JSON.stringify(name.slice(0, 80))} is not run: its name may hold only letters, digits, . _ and -`,
    )
  }
  options.signal?.throwIfAborted()
  const program = `docker-credential-${name}`
  const { status, output } = await run(program, server, options)
  if (status !== 0) {
    const said = printable(output)
    if (/credentials not found/i.test(said)) return undefined
    // Only a sentence is repeated: a helper that fails after printing JSON may have printed the secret.
    const reason = said === '' || said.startsWith('{') ? '' : `: ${said}`
    throw new CredentialFault('failed', `${program} get failed for ${server} with status ${status}${reason}`)
  }
  return readAnswer(output, program, server)
}

function readAnswer(output: string, program: string, server: string): Credential | undefined {
  let answer: unknown
  try {
    answer = JSON.parse(output)
  } catch {
    throw new CredentialFault(
      'malformed',
      `${program} get answered for ${server} with something that is not JSON`,
    )
  }
  const fields = new Map(typeof answer === 'object' && answer !== null ? Object.entries(answer) : [])
  const username = fields.get('Username')
  const secret = fields.get('Secret')
  if (typeof username !== 'string' || typeof secret !== 'string') {
    throw new CredentialFault(
      'malformed',
      `${program} get answered for ${server} without Username and Secret`,
    )
  }
  if (username === '' && secret === '') return undefined
  if (username === '<token>') return { kind: 'identity-token', token: new Secret(secret), source: program }
  return { kind: 'basic', username, password: new Secret(secret), source: program }
}

function run(
  program: string,
  input: string,
  { environment, timeout = 30_000, signal }: HelperOptions,
): Promise<{ status: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], {
      env: { ...environment },
      shell: false,
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
    })
    const giveUp = (reason: string) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      child.kill('SIGKILL')
      // What the helper itself started may hold the pipe open for longer than it lives.
      child.stdout.destroy()
      reject(new CredentialFault('failed', `${program} ${reason}`))
    }
    const timer = setTimeout(() => giveUp(`get did not answer within ${timeout} ms`), timeout)
    const abort = () => giveUp('get was aborted')
    signal?.addEventListener('abort', abort, { once: true })
    const parts: Buffer[] = []
    let size = 0
    child.stdout.on('data', (part: Buffer) => {
      size += part.length
      if (size > maxOutput) giveUp(`get printed more than ${maxOutput} bytes`)
      else parts.push(part)
    })
    child.once('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT'
      giveUp(
        `could not be run: ${missing ? 'it is not installed or not on the PATH' : (error.code ?? error.name)}`,
      )
    })
    child.once('close', (status, killed) => {
      if (status === null) return giveUp(`get was ended by ${killed}`)
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      resolve({ status, output: Buffer.concat(parts).toString('utf8') })
    })
    // A helper that does not read its input is judged by what it answers.
    child.stdin.once('error', () => {})
    child.stdin.end(input)
  })
}

/** The first line, short and without control characters. */
function printable(output: string): string {
  const line = output.trim().split(/[\r\n]/, 1)[0] ?? ''
  return line.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)
}
