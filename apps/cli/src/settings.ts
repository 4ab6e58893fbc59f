import { homedir } from 'node:os'
import { join } from 'node:path'

/** A setting as data: the reference page is printed from it. */
export interface SettingFacts {
  readonly name: string
  readonly help: string
  readonly default: string
}

export const settingTable: readonly SettingFacts[] = [
  {
    name: 'LANNER_CACHE_DIR',
    help: 'Folder of remembered layers and, unless LANNER_ADVISORIES names another, of the advisory store.',
    default: '$XDG_CACHE_HOME/lanner, else ~/.cache/lanner',
  },
  {
    name: 'LANNER_ADVISORIES',
    help: 'Folder of the advisory store.',
    default: 'advisories in the cache folder',
  },
  {
    name: 'LANNER_ADVISORIES_URL',
    help: 'Base address that `advisories update` downloads OSV records from: a mirror, or your own copy.',
    default: 'the public OSV bucket',
  },
  {
    name: 'LANNER_URL',
    help: 'Address of the server that every command but `serve` and `scan` asks.',
    default: 'the one in bootstrap.json of the data directory',
  },
  {
    name: 'DOCKER_CONFIG',
    help: 'Folder whose config.json holds registry credentials.',
    default: '~/.docker',
  },
  {
    name: 'REGISTRY_AUTH_FILE',
    help: 'Credential file of podman, buildah and skopeo.',
    default: '$XDG_RUNTIME_DIR/containers/auth.json',
  },
  {
    name: 'HTTPS_PROXY, HTTP_PROXY, NO_PROXY',
    help: 'Proxy for registries and feeds, and the hosts reached without it.',
    default: 'none',
  },
  { name: 'NO_COLOR', help: 'When set, nothing is coloured.', default: 'unset' },
]

/** What the environment says, read once. */
export interface Settings {
  readonly cacheFolder: string
  readonly advisoryFolder: string
  readonly advisoriesUrl?: string
  readonly homeFolder: string
  /** What registry credentials, proxies and credential helpers are looked up in. */
  readonly environment: Readonly<Record<string, string | undefined>>
}

export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const home = environment['HOME'] || homedir()
  const cacheFolder =
    environment['LANNER_CACHE_DIR'] || join(environment['XDG_CACHE_HOME'] || join(home, '.cache'), 'lanner')
  return {
    cacheFolder,
    advisoryFolder: environment['LANNER_ADVISORIES'] || join(cacheFolder, 'advisories'),
    ...(environment['LANNER_ADVISORIES_URL'] ? { advisoriesUrl: environment['LANNER_ADVISORIES_URL'] } : {}),
    homeFolder: home,
    environment,
  }
}
