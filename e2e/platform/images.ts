import {
  type BuiltImage,
  type BuiltIndex,
  type Compression,
  image,
  layer,
  writeLayout,
} from '../../packages/testkit/src/index.ts'
import { newFolder } from '../suite.ts'

const osRelease =
  'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'

/** What the demo's advisories say of a small image; read off them by hand (DSA-5770-1, GHSA-jf85-cpcp-j695). */
export const weaknesses: readonly string[] = [
  'CVE-2019-10744',
  'CVE-2024-45490',
  'CVE-2024-45491',
  'CVE-2024-45492',
]

/** What they say of minimist 0.0.8 (GHSA-vh95-rmgr-6w4m). */
export const minimistWeakness = 'CVE-2020-7598'

/** A small image with the weaknesses that the demo's advisories know: expat of Debian 12, lodash and minimist of npm. */
export function smallImage(
  name: string,
  options: { readonly compression?: Compression; readonly platform?: string } = {},
): BuiltImage {
  const { compression = 'gzip', platform = 'linux/amd64' } = options
  const architecture = platform.split('/')[1]
  return image({
    platform,
    layers: [
      layer(
        {
          'etc/os-release': osRelease,
          'var/lib/dpkg/status': `Package: libexpat1\nStatus: install ok installed\nSource: expat\nVersion: 2.5.0-1\nArchitecture: ${architecture}\n\n`,
        },
        { compression },
      ),
      layer(
        {
          'srv/name': name,
          'srv/node_modules/lodash/package.json': JSON.stringify({ name: 'lodash', version: '4.17.4' }),
        },
        { compression },
      ),
    ],
  })
}

/** An OCI layout with the image under the tag. */
export async function layoutOf(built: BuiltImage | BuiltIndex, tag: string): Promise<string> {
  const folder = newFolder('layout')
  await writeLayout(folder, [built], { tag })
  return folder
}
