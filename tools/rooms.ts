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
    purpose: 'CycloneDX, SPDX, VEX, SARIF, JSON: read and written',
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
  { folder: 'packages/fql', rooms: [], outside: [], purpose: 'the query language: read, checked, printed' },
  {
    folder: 'packages/contract',
    rooms: ['fql'],
    outside: ['typebox'],
    purpose: 'every operation of the wire, declared once as data',
  },
  {
    folder: 'packages/policy',
    rooms: ['model'],
    outside: [],
    purpose: 'whether an image may pass, and why',
  },
  {
    folder: 'packages/admission',
    rooms: ['model'],
    outside: [],
    purpose: 'which images an object of Kubernetes brings, and the answer to its review',
  },
  {
    folder: 'packages/sdk',
    rooms: [],
    outside: [],
    purpose: 'the client: service classes printed from the contract',
  },
  {
    folder: 'packages/testkit',
    rooms: ['model', 'oci', 'matching', 'extractors'],
    outside: ['node:*'],
    purpose: 'images, registries and advisories built in tests; never shipped',
  },
  {
    folder: 'apps/server',
    rooms: [
      'model',
      'versions',
      'fql',
      'contract',
      'extractors',
      'matching',
      'policy',
      'documents',
      'oci',
      'advisories',
      'assessment',
    ],
    outside: [
      'aws4fetch',
      'fastify',
      'kysely',
      'pg',
      'pg-copy-streams',
      'pino',
      'prom-client',
      'typebox',
      'undici',
      'node:*',
    ],
    purpose: 'the platform: registry, queue, store, and the dialects that clients speak',
  },
  {
    folder: 'apps/cli',
    rooms: ['assessment', 'advisories', 'documents', 'admission', 'model', 'contract', 'sdk', 'server'],
    outside: ['yaml', 'node:*'],
    purpose: 'the command',
  },
]
