/**
 * Makes the demo: a tiny image with known weaknesses planted in it, and the advisories that speak of them, in our own
 * words. Run by hand (`node tools/demo.ts`) when either changes; both are committed.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { zipOf } from '../packages/extractors/src/formats/zip.fixture.ts'
import { image, layer, writeLayout } from '../packages/testkit/src/index.ts'

const demo = join(import.meta.dirname, '..', 'demo')

const osRelease = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
`

function stanza(name: string, version: string, fields: Readonly<Record<string, string>> = {}): string {
  const all = {
    Package: name,
    Status: 'install ok installed',
    Architecture: 'amd64',
    Version: version,
    Maintainer: 'Debian <packages@debian.example>',
    ...fields,
  }
  return `${Object.entries(all)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n')}\n\n`
}

const status = [
  stanza('base-files', '12.4+deb12u5'),
  stanza('libexpat1', '2.5.0-1', { Source: 'expat' }),
  stanza('python3-requests', '2.28.1+dfsg-1', { Source: 'requests', Architecture: 'all' }),
  stanza('zlib1g', '1:1.2.13.dfsg-1', { Source: 'zlib' }),
].join('')

const metadata = (name: string, version: string) =>
  `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\nLicense: Apache-2.0\n\n`
const systemRequests = 'usr/lib/python3/dist-packages/requests-2.28.1.egg-info/PKG-INFO'
const modules = 'srv/app/node_modules'

const base = layer({
  'etc/os-release': osRelease,
  'var/lib/dpkg/status': status,
  'var/lib/dpkg/info/python3-requests.list': `/.\n/usr\n/${systemRequests}\n`,
  [systemRequests]: metadata('requests', '2.28.1'),
})
const application = layer({
  [`${modules}/lodash/package.json`]: JSON.stringify({ name: 'lodash', version: '4.17.4', license: 'MIT' }),
  [`${modules}/minimist/package.json`]: JSON.stringify({
    name: 'minimist',
    version: '0.0.8',
    license: 'MIT',
  }),
  'srv/app/lib/python3.11/site-packages/requests-2.19.0.dist-info/METADATA': metadata('requests', '2.19.0'),
  'srv/app/lib/log4j-core-2.14.1.jar': zipOf([
    {
      name: 'META-INF/MANIFEST.MF',
      content:
        'Manifest-Version: 1.0\r\nImplementation-Title: Apache Log4j Core\r\nImplementation-Version: 2.14.1\r\n\r\n',
    },
    {
      name: 'META-INF/maven/org.apache.logging.log4j/log4j-core/pom.properties',
      content: 'groupId=org.apache.logging.log4j\nartifactId=log4j-core\nversion=2.14.1\n',
    },
  ]),
})
const cleanup = layer({ [`${modules}/.wh.minimist`]: '' })

/** One OSV record; the facts are public, the words are ours. */
function record(
  id: string,
  ecosystem: string,
  name: string,
  fixed: string,
  more: Readonly<Record<string, unknown>>,
  introduced = '0',
) {
  return {
    schema_version: '1.6.0',
    id,
    modified: '2026-11-01T00:00:00Z',
    affected: [
      { package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced }, { fixed }] }] },
    ],
    ...more,
  }
}

const records: Readonly<Record<string, readonly { readonly id: string }[]>> = {
  Debian: [
    record('DSA-5770-1', 'Debian:12', 'expat', '2.5.0-1+deb12u1', {
      summary: 'expat: several weaknesses in parsing XML',
      upstream: ['CVE-2024-45490', 'CVE-2024-45491', 'CVE-2024-45492'],
      references: [{ type: 'ADVISORY', url: 'https://www.debian.org/security/2024/dsa-5770' }],
    }),
  ],
  npm: [
    record('GHSA-jf85-cpcp-j695', 'npm', 'lodash', '4.17.12', {
      aliases: ['CVE-2019-10744'],
      summary: 'defaultsDeep lets a caller change the prototype of every object',
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:H' }],
      references: [{ type: 'ADVISORY', url: 'https://github.com/advisories/GHSA-jf85-cpcp-j695' }],
    }),
    record('GHSA-vh95-rmgr-6w4m', 'npm', 'minimist', '0.2.1', {
      aliases: ['CVE-2020-7598'],
      summary: 'arguments can change the prototype of every object',
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:L' }],
    }),
  ],
  PyPI: [
    record('PYSEC-2018-28', 'PyPI', 'requests', '2.20.0', {
      aliases: ['CVE-2018-18074'],
      summary: 'credentials are sent along a redirect from https to http',
      severity: [{ type: 'CVSS_V3', score: 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N' }],
      references: [{ type: 'ADVISORY', url: 'https://nvd.nist.gov/vuln/detail/CVE-2018-18074' }],
    }),
    record('DEMO-2026-0001', 'PyPI', 'requests', '2.32.0', {
      summary:
        'a made-up record: it concerns the copy that Debian ships too, which Debian would fix under its own version',
      database_specific: { severity: 'MODERATE' },
    }),
  ],
  Maven: [
    record(
      'GHSA-jfh8-c2jp-5v3q',
      'Maven',
      'org.apache.logging.log4j:log4j-core',
      '2.15.0',
      {
        aliases: ['CVE-2021-44228'],
        summary: 'a logged text can make the program load and run code from elsewhere',
        severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H' }],
        references: [{ type: 'ADVISORY', url: 'https://github.com/advisories/GHSA-jfh8-c2jp-5v3q' }],
      },
      '2.13.0',
    ),
  ],
}

/** Scores of 2026-08-16 by FIRST. */
const epss = `#model_version:demo,score_date:2026-08-16T00:00:00Z
cve,epss,percentile
CVE-2018-18074,0.07443,0.93918
CVE-2019-10744,0.05006,0.91502
CVE-2021-44228,0.99999,1
CVE-2024-45490,0.01686,0.75039
CVE-2024-45491,0.0113,0.63653
CVE-2024-45492,0.01393,0.70024
`

const exploited = {
  title: 'An excerpt of the catalogue of known exploited vulnerabilities',
  catalogVersion: '2026.08.22',
  dateReleased: '2026-08-22T00:00:00Z',
  count: 1,
  vulnerabilities: [
    {
      cveID: 'CVE-2021-44228',
      vendorProject: 'Apache',
      product: 'Log4j2',
      dateAdded: '2021-12-10',
      dueDate: '2021-12-24',
      knownRansomwareCampaignUse: 'Known',
    },
  ],
}

/** Debian says that it will not fix this one, which a range alone cannot say. */
const tracker = {
  zlib: {
    'CVE-2023-45853': {
      description: 'an overflow in minizip, which is not part of the binary packages',
      releases: {
        bookworm: {
          status: 'open',
          repositories: { bookworm: '1:1.2.13.dfsg-1' },
          urgency: 'unimportant',
          nodsa: 'minizip is not built',
          nodsa_reason: 'ignored',
        },
      },
    },
  },
}

function write(path: string, content: string): void {
  const full = join(demo, path)
  mkdirSync(dirname(full), { recursive: true })
  writeFileSync(full, content)
}

rmSync(demo, { recursive: true, force: true })
await writeLayout(
  join(demo, 'image'),
  [image({ layers: [base, application, cleanup], platform: 'linux/amd64' })],
  { tag: 'demo' },
)
for (const [ecosystem, list] of Object.entries(records)) {
  for (const item of list)
    write(`advisories/${ecosystem}/${item.id}.json`, `${JSON.stringify(item, undefined, 2)}\n`)
}
write('advisories/EPSS/epss_scores-2026-08-16.csv', epss)
write('advisories/KEV/known_exploited_vulnerabilities.json', `${JSON.stringify(exploited, undefined, 2)}\n`)
write('advisories/debian-tracker/tracker.json', `${JSON.stringify(tracker, undefined, 2)}\n`)
write(
  'README.md',
  `# Demo

A tiny image with known weaknesses planted in it, and the advisories that speak of them (made by \`tools/demo.ts\`).

\`\`\`sh
npm start -- scan oci:demo/image --advisories demo/advisories
\`\`\`

EPSS scores are by FIRST (https://www.first.org/epss/); the exploited vulnerability is from CISA's catalogue (CC0 1.0).
`,
)
