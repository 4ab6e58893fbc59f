import { elfFixture, inlineBuildInfo, zip } from '@lanner/extractors/fixtures'
import { type BuiltImage, image, type LayerFiles } from '@lanner/testkit'

/** The versions of what the images hold. */
export interface WeakVersions {
  readonly openssl: string
  readonly lodash: string
  readonly requests: string
  readonly log4j: string
  readonly net: string
  readonly busybox: string
}

/** What the acceptance asks for. */
export const weakVersions: WeakVersions = {
  openssl: '1.1.1d-0+deb10u1',
  lodash: '4.17.4',
  requests: '2.19.0',
  log4j: '2.14.1',
  net: 'v0.0.0-20200822124328-c89045814202',
  busybox: '1.31.1-r9',
}

/** Debian 10 with openssl, and in a second layer one package of npm, PyPI, Maven and Go each. */
export function debianImage({ openssl, lodash, requests, log4j, net }: WeakVersions): BuiltImage {
  const dpkg = ['openssl', 'libssl1.1']
    .map((name) =>
      [
        `Package: ${name}`,
        'Status: install ok installed',
        'Architecture: amd64',
        ...(name === 'openssl' ? [] : ['Source: openssl']),
        `Version: ${openssl}`,
        'Maintainer: Debian OpenSSL Team <pkg-openssl-devel@alioth-lists.debian.net>',
        `Description: ${name}`,
        '',
        '',
      ].join('\n'),
    )
    .join('')
  const group = 'org.apache.logging.log4j'
  const system: LayerFiles = {
    'etc/os-release': 'ID=debian\nVERSION_ID="10"\nPRETTY_NAME="Debian GNU/Linux 10 (buster)"\n',
    'var/lib/dpkg/status': dpkg,
  }
  const application: LayerFiles = {
    'app/node_modules/lodash/package.json': JSON.stringify({ name: 'lodash', version: lodash }),
    [`usr/local/lib/python3.7/site-packages/requests-${requests}.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: requests\nVersion: ${requests}\n`,
    [`app/lib/log4j-core-${log4j}.jar`]: zip({
      'META-INF/MANIFEST.MF': 'Manifest-Version: 1.0\n',
      [`META-INF/maven/${group}/log4j-core/pom.properties`]: `groupId=${group}\nartifactId=log4j-core\nversion=${log4j}\n`,
    }),
    // Above every record of the standard library, so that only the module is judged.
    'app/server': elfFixture([
      {
        name: '.go.buildinfo',
        content: inlineBuildInfo(
          'go1.99.0',
          `path\texample.org/server\nmod\texample.org/server\t(devel)\t\ndep\tgolang.org/x/net\t${net}\t\n`,
        ),
      },
    ]),
  }
  return image({ layers: [system, application] })
}

/** Alpine 3.11 with busybox and a package that is built from its source. */
export function alpineImage({ busybox }: WeakVersions): BuiltImage {
  const installed = ['busybox', 'ssl_client'].map(
    (name) => `P:${name}\nV:${busybox}\nA:x86_64\nL:GPL-2.0-only\no:busybox\n\n`,
  )
  return image({
    layers: [
      {
        'etc/os-release': 'ID=alpine\nVERSION_ID=3.11.6\nPRETTY_NAME="Alpine Linux v3.11"\n',
        'lib/apk/db/installed': installed.join(''),
      },
    ],
  })
}
