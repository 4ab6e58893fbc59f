import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type AuthFile, dockerHubKey, findAuth, findHelper, parseAuthFile } from './auth-file.ts'
import { type Credential, type CredentialTarget, type FindCredential, firstCredential } from './credential.ts'
import { CredentialFault } from './credential-fault.ts'
import { askCredentialHelper } from './credential-helper.ts'

const maxFile = 4 * 1024 * 1024

/**
 * Where Docker and podman keep credentials, in the order they are asked: `REGISTRY_AUTH_FILE`, Docker's `config.json` in
 * `DOCKER_CONFIG` or `~/.docker`, then podman's `auth.json` in `XDG_RUNTIME_DIR` and `XDG_CONFIG_HOME`.
 */
export function credentialFilePaths(
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): string[] {
  const { REGISTRY_AUTH_FILE, DOCKER_CONFIG, XDG_RUNTIME_DIR, XDG_CONFIG_HOME } = environment
  return [
    REGISTRY_AUTH_FILE,
    join(DOCKER_CONFIG || join(home, '.docker'), 'config.json'),
    XDG_RUNTIME_DIR && join(XDG_RUNTIME_DIR, 'containers', 'auth.json'),
    join(XDG_CONFIG_HOME || join(home, '.config'), 'containers', 'auth.json'),
  ].filter((path): path is string => Boolean(path))
}

export interface CredentialFilesOptions {
  /** In the order they are asked; see `credentialFilePaths`. A missing file is skipped. */
  readonly paths: readonly string[]
  /** What credential helpers are run with, `PATH` among it. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Credentials as `docker login` and `podman login` leave them, helpers and stores included. Files are read at each call. */
export function credentialsFromFiles({ paths, environment }: CredentialFilesOptions): FindCredential {
  return firstCredential(
    ...paths.map(
      (path): FindCredential =>
        async (target) => {
          const file = await readAuthFile(path)
          return file && (await findInFile(file, target, environment))
        },
    ),
  )
}

async function findInFile(
  file: AuthFile,
  { registry, repository, signal }: CredentialTarget,
  environment: CredentialFilesOptions['environment'],
): Promise<Credential | undefined> {
  const helper = findHelper(file, registry, repository)
  if (helper?.value) {
    const found = await askCredentialHelper(helper.value, helper.key, { environment, signal })
    if (found) return found
  }
  if (!helper && file.credsStore) {
    const server = registry === 'docker.io' ? dockerHubKey : registry
    const found = await askCredentialHelper(file.credsStore, server, { environment, signal })
    if (found) return found
  }
  return findAuth(file, registry, repository)
}

async function readAuthFile(path: string): Promise<AuthFile | undefined> {
  let text: string
  try {
    const facts = await stat(path)
    if (!facts.isFile() || facts.size > maxFile) {
      throw new CredentialFault(
        'unreadable',
        `${path} is no credentials file: a file of at most ${maxFile} bytes is expected`,
      )
    }
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof CredentialFault) throw cause
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new CredentialFault('unreadable', `the credentials file ${path} could not be read: ${code}`, {
      cause,
    })
  }
  return text.trim() === '' ? undefined : parseAuthFile(text, path)
}
