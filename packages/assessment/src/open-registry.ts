import {
  credentialFilePaths,
  credentialsFromFiles,
  type ImageSource,
  proxyFromEnvironment,
  Secret,
} from '@lanner/oci'
import { openRegistrySource } from '@lanner/oci/registries'
import type { OpenSourceOptions } from './open-source.ts'

/** An image in a registry, with the credentials and through the proxy that the options lead to. `ca`: certificates in PEM. */
export function openRegistry(
  reference: string,
  options: OpenSourceOptions,
  ca: string | undefined,
): Promise<ImageSource> {
  const { environment = {}, homeFolder, insecure = false, login, version, signal } = options
  const paths = homeFolder === undefined ? [] : credentialFilePaths(environment, homeFolder)
  return openRegistrySource(reference, {
    version,
    insecure,
    proxy: proxyFromEnvironment(environment),
    credentials: credentialsFromFiles({ paths, environment }),
    ...(ca === undefined ? {} : { authorities: [ca] }),
    ...(signal ? { signal } : {}),
    ...(login
      ? {
          credential: {
            kind: 'basic',
            username: login.username,
            password: new Secret(login.password),
            source: '--username',
          },
        }
      : {}),
  })
}
