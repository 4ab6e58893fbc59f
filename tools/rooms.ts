/** What may import what. The diagram in docs/why/architecture.md is printed from this table, and a test holds the code to it. */
export interface Room {
  readonly folder: string
  /** Rooms that it may import, by their package name without the scope. */
  readonly rooms: readonly string[]
  /** Packages from npm and `node:` modules; `node:*` allows every built-in. */
  readonly outside: readonly string[]
  /** Built-ins that one folder inside may use although the room is pure. */
  readonly exceptions?: Readonly<Record<string, readonly string[]>>
  readonly purpose: string
}

export const rooms: readonly Room[] = [
  {
    folder: 'packages/model',
    rooms: [],
    outside: [],
    purpose: 'the nouns: digest, package, purl, distribution, finding, report',
  },
  { folder: 'packages/versions', rooms: [], outside: [], purpose: 'version order of every ecosystem' },
  {
    folder: 'packages/extractors',
    rooms: ['model'],
    outside: [],
    exceptions: { 'src/formats': ['node:zlib'] },
    purpose: 'what a file says about packages; layers laid on top of each other',
  },
  {
    folder: 'packages/matching',
    rooms: ['model', 'versions'],
    outside: [],
    purpose: 'which advisories concern which packages, and why',
  },
  {
    folder: 'packages/documents',
    rooms: ['model'],
    outside: [],
    purpose: 'CycloneDX, SPDX, SARIF, JSON: read and written',
  },
  {
    folder: 'packages/oci',
    rooms: ['model'],
    outside: ['undici', 'node:*'],
    purpose: 'references, registries, layouts, archives, layers',
  },
  {
    folder: 'packages/advisories',
    rooms: ['model', 'matching'],
    outside: ['undici', 'node:*'],
    purpose: 'feeds compiled into a store that is a few files, kept fresh',
  },
  {
    folder: 'packages/assessment',
    rooms: ['oci', 'extractors', 'matching', 'advisories', 'model'],
    outside: ['node:*'],
    purpose: 'the pipeline from bytes to findings',
  },
  {
    folder: 'packages/testkit',
    rooms: ['model', 'oci', 'matching', 'extractors'],
    outside: ['node:*'],
    purpose: 'images, registries and advisories built in tests; never shipped',
  },
  {
    folder: 'apps/cli',
    rooms: ['assessment', 'advisories', 'documents', 'model'],
    outside: ['node:*'],
    purpose: 'the command',
  },
]
