import { openSource } from '@lanner/assessment'
import type { CommandCall } from './command.ts'
import { UsageError } from './exit.ts'

/** Options that say how to reach a registry; shared by every command that takes an image. */
export const registryOptions = {
  username: {
    type: 'string',
    value: 'NAME',
    help: 'User name for the registry; by default the credentials that docker or podman stored.',
  },
  'password-stdin': { type: 'boolean', help: 'Read the password for --username from standard input.' },
  insecure: {
    type: 'boolean',
    help: 'Allow plain http and unverified certificates for this registry (loopback needs no permission for http).',
  },
  'ca-file': { type: 'string', value: 'FILE', help: 'Certificates (PEM) to trust beside the usual ones.' },
} as const

/** Refuses an image that is not named at all: mostly an unset variable. */
export function checkSubject(text: string, command: string): void {
  if (/^\s*$|^(?:oci|docker-archive|sbom):+$/.test(text))
    throw new UsageError(
      `${JSON.stringify(text)} names no image; write docker.io/library/debian:12, oci:PATH, docker-archive:FILE or sbom:FILE`,
      command,
    )
}

/** Opens what the user named to `command`: a registry reference, `oci:…` or `docker-archive:…`. */
export async function openSubject(call: CommandCall, text: string, command: string) {
  const { options, settings, signal } = call
  const username = options.text('username')
  if (options.flag('password-stdin') && !username)
    throw new UsageError('--password-stdin goes with --username', command)
  const password = options.flag('password-stdin') ? await readPassword() : undefined
  if (username && password === undefined)
    throw new UsageError(
      '--username needs --password-stdin: a password on the command line is seen by every process',
      command,
    )
  return openSource(text, {
    offline: options.flag('offline'),
    insecure: options.flag('insecure'),
    ...(options.text('ca-file') ? { caFile: options.text('ca-file') } : {}),
    ...(username && password !== undefined ? { login: { username, password } } : {}),
    homeFolder: settings.homeFolder,
    environment: settings.environment,
    version: call.version,
    signal,
  })
}

async function readPassword(): Promise<string> {
  const parts: Buffer[] = []
  let size = 0
  // Without an encoding, standard input gives buffers; its type says any.
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    size += part.length
    if (size > 64 * 1024) throw new UsageError('the password on standard input is over 64 KiB')
    parts.push(part)
  }
  return Buffer.concat(parts)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}
