import type { Distribution } from '@lanner/model'

/** The day a release stops getting free security updates, by the leading numbers of VERSION_ID. */
interface Lifecycle {
  /** The publisher's page. */
  readonly address: string
  /** `YYYY-MM-DD`, the last day with updates. */
  readonly ends: Readonly<Record<string, string>>
}

/** LTS is counted for Debian and standard support for Ubuntu: what an image gets without a contract. */
const lifecycles: ReadonlyMap<string, Lifecycle> = new Map<string, Lifecycle>([
  [
    'debian',
    {
      address: 'https://wiki.debian.org/DebianReleases',
      ends: {
        '6': '2016-02-29',
        '7': '2018-05-31',
        '8': '2020-06-30',
        '9': '2022-06-30',
        '10': '2024-06-30',
        '11': '2026-08-31',
        '12': '2028-06-30',
        '13': '2030-06-30',
      },
    },
  ],
  [
    'ubuntu',
    {
      address: 'https://wiki.ubuntu.com/Releases',
      ends: {
        '14.04': '2019-04-25',
        '16.04': '2021-04-30',
        '18.04': '2023-05-31',
        '20.04': '2025-05-31',
        '22.04': '2027-04-30',
        '22.10': '2023-07-20',
        '23.04': '2024-01-25',
        '23.10': '2024-07-11',
        '24.04': '2029-04-30',
        '24.10': '2025-07-10',
        '25.04': '2026-01-15',
        '25.10': '2026-07-31',
        '26.04': '2031-04-30',
      },
    },
  ],
  [
    'alpine',
    {
      address: 'https://alpinelinux.org/releases/',
      ends: {
        '3.8': '2020-05-01',
        '3.9': '2020-11-01',
        '3.10': '2021-05-01',
        '3.11': '2021-11-01',
        '3.12': '2022-05-01',
        '3.13': '2022-11-01',
        '3.14': '2023-05-01',
        '3.15': '2023-11-01',
        '3.16': '2024-05-23',
        '3.17': '2024-11-22',
        '3.18': '2025-05-09',
        '3.19': '2025-11-01',
        '3.20': '2026-04-01',
        '3.21': '2026-11-01',
        '3.22': '2027-05-01',
        '3.23': '2027-11-01',
      },
    },
  ],
  [
    'rhel',
    {
      address: 'https://access.redhat.com/support/policy/updates/errata',
      ends: {
        '5': '2017-03-31',
        '6': '2020-11-30',
        '7': '2024-06-30',
        '8': '2029-05-31',
        '9': '2032-05-31',
        '10': '2035-05-31',
      },
    },
  ],
  [
    'almalinux',
    {
      address: 'https://wiki.almalinux.org/release-notes/',
      ends: { '8': '2029-03-01', '9': '2032-05-31', '10': '2035-05-31' },
    },
  ],
  [
    'rocky',
    {
      address: 'https://wiki.rockylinux.org/rocky/version/',
      ends: { '8': '2029-05-31', '9': '2032-05-31', '10': '2035-05-31' },
    },
  ],
  [
    'centos',
    {
      address: 'https://www.centos.org/centos-linux-eol/',
      ends: { '6': '2020-11-30', '7': '2024-06-30', '8': '2021-12-31' },
    },
  ],
  [
    'sles',
    {
      address: 'https://www.suse.com/lifecycle',
      ends: {
        '11.4': '2019-03-31',
        '12': '2016-06-30',
        '12.1': '2017-05-31',
        '12.2': '2018-03-31',
        '12.3': '2019-06-30',
        '12.4': '2020-06-30',
        '12.5': '2024-10-31',
        '15': '2019-12-31',
        '15.1': '2021-01-31',
        '15.2': '2021-12-31',
        '15.3': '2022-12-31',
        '15.4': '2023-12-31',
        '15.5': '2024-12-31',
        '15.6': '2025-12-31',
        '15.7': '2031-07-31',
      },
    },
  ],
  [
    'opensuse-leap',
    {
      address: 'https://en.opensuse.org/Lifetime',
      ends: {
        '15.0': '2019-12-03',
        '15.1': '2021-02-02',
        '15.2': '2022-01-04',
        '15.3': '2022-12-31',
        '15.4': '2023-12-07',
        '15.5': '2024-12-31',
        '15.6': '2026-04-30',
      },
    },
  ],
  [
    'amzn',
    {
      address: 'https://endoflife.date/amazon-linux',
      ends: { '2': '2026-06-30', '2018.03': '2023-12-31', '2023': '2029-06-30' },
    },
  ],
])

/** When security updates for a release ended, and who says so. */
export interface EndOfLife {
  /** The last day with updates, `YYYY-MM-DD`. */
  readonly date: string
  readonly address: string
}

/** When the release stopped getting updates; undefined when it still does at `now`, or when no date is known. */
export function endOfLife(distribution: Distribution, now: Date): EndOfLife | undefined {
  const lifecycle = lifecycles.get(distribution.id)
  const release = lifecycle && releaseOf(distribution.version, lifecycle.ends)
  if (!release) return undefined
  const date = lifecycle.ends[release]
  return Date.parse(`${date}T23:59:59Z`) < now.getTime() ? { date, address: lifecycle.address } : undefined
}

/** The most exact key that the version falls under: `3.19.1` is `3.19`, `12.5` of Debian is `12`. */
function releaseOf(version: string | undefined, ends: Readonly<Record<string, string>>): string | undefined {
  const numbers = version?.match(/^\d+(?:\.\d+)*/)?.[0].split('.') ?? []
  for (let length = Math.min(numbers.length, 3); length > 0; length--) {
    const key = numbers.slice(0, length).join('.')
    if (Object.hasOwn(ends, key)) return key
  }
  return undefined
}
