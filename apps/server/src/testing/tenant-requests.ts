import { type Collection, falcon, lanner, type Operation, type Parameter } from '@lanner/contract'
import type { EstateTenant } from './estate.ts'
import type { Holdings } from './estate-holdings.ts'
import type { TestReply } from './server.ts'

/** What a request names: ids and names of one tenant, told to the server by that one or by the other. */
export interface Words {
  /** Everything that looks like an id, a digest or a name of its own. */
  readonly ids: readonly string[]
  readonly held: Holdings
  readonly tenant: EstateTenant
}

/** A request about one operation. */
export interface Asked {
  readonly id: string
  readonly operation: Operation
  readonly path: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string | readonly string[]>>
  readonly body?: unknown
}

/** Every operation that the contract has. */
export const operations = ([...falcon, ...lanner] as readonly Collection[]).flatMap((collection) =>
  Object.entries(collection.operations).map(([id, operation]) => ({ id, operation })),
)

/** Bodies of operations that take one, made of one tenant's words. */
export const bodies: Readonly<Record<string, (words: Words) => readonly unknown[]>> = {
  oauth2AccessToken: ({ tenant }) => [{ client_id: tenant.clientId, client_secret: 'x'.repeat(40) }],
  oauth2RevokeToken: ({ tenant }) => [{ token: tenant.token }],
  CreateBaseImagesEntities: ({ tenant, held }) => [
    { base_images: [{ repository: `${tenant.mark}/ledger`, tag: '1.0' }] },
    { base_images: [{ image_digest: held.images.ledger.digest }] },
  ],
  CreateRegistryEntities: ({ tenant }) => [
    {
      type: 'harbor',
      url: 'https://registry.example',
      url_uniqueness_key: `${tenant.mark}-key`,
      credential: { details: { username: 'robot', password: 'something-long' } },
    },
  ],
  UpdateRegistryEntities: ({ held }) => [{ state: 'pause' }, { id: held.registryId, state: 'pause' }],
  ReadImageVulnerabilities: ({ tenant }) => [
    {
      osversion: 'Debian 12',
      packages: [],
      applicationPackages: [
        { type: 'NODE', libraries: [{ Name: `${tenant.mark}-ledger`, Version: '1.0.0' }] },
      ],
    },
  ],
  PostImageScanInventory: () => [
    {
      inventory: {
        ImageInfo: {
          Registry: 'registry.example',
          Repository: 'walk/inventory',
          Tag: '1',
          Digest: `sha256:${'e'.repeat(64)}`,
          ID: 'f'.repeat(64),
          Architecture: 'amd64',
        },
        OSInfo: { Name: 'Debian GNU/Linux', Version: '12' },
        Packages: [],
      },
    },
  ],
  LaunchExportJob: ({ tenant }) => [
    { resource: 'images.images-assessment', format: 'json', fql: `repository:'${tenant.mark}/*'`, sort: '' },
  ],
  UpdatePolicies: () => [{ description: 'walked over' }],
  CreatePolicies: () => [{ name: `walk ${crypto.randomUUID()}` }],
  UpdatePolicyExclusions: ({ tenant }) => [
    { conditions: [{ prop: 'repository', op: 'eq', value: [`${tenant.mark}/ledger`] }] },
    { conditions: [{ prop: 'cve', value: ['CVE-2020-0001'] }] },
  ],
  UpdatePolicyGroups: ({ held }) => [{ description: 'walked over' }, { name: held.groupId }],
  CreatePolicyGroups: ({ held }) => [{ name: `walk ${crypto.randomUUID()}`, policy_id: held.policyId }],
  UpdatePolicyPrecedence: ({ held }) => [{ precedence: [held.policyId] }],
  ApplyPolicyDocument: ({ tenant }) => [
    {
      document: {
        groups: [{ name: 'walk', conditions: [{ prop: 'repository', value: 'walk/*' }] }],
      },
    },
    { document: { policies: [{ name: `${tenant.mark} policy` }], exclusions: [] }, dry_run: true },
  ],
  PreviewPolicies: ({ tenant }) => [
    {
      document: {
        policies: [
          {
            name: 'walk',
            rules: [{ action: 'block', conditions: [{ prop: 'repository', value: `${tenant.mark}/*` }] }],
          },
        ],
      },
    },
  ],
  ImportVex: ({ held }) => [
    {
      document: {
        '@context': 'https://openvex.dev/ns/v0.2.0',
        '@id': 'https://vex.example/walk',
        author: 'walk',
        timestamp: '2026-03-01T00:00:00Z',
        version: 1,
        statements: [
          {
            vulnerability: { name: 'CVE-2026-90001' },
            products: [{ '@id': `pkg:oci/ledger@${encodeURIComponent(held.images.ledger.digest)}` }],
            status: 'not_affected',
            justification: 'component_not_present',
            // As the answer says it: not encoded.
            impact_statement: held.images.ledger.digest,
          },
        ],
      },
    },
  ],
  customer_settings_update: () => [{ max_active_tokens: 50 }],
  tokens_update: () => [{ label: 'walked over' }, { revoked: true }],
  tokens_create: () => [{ label: 'walk' }],
  RecordContainers: () => [
    {
      cluster: 'west',
      containers: [{ container_id: 'walk', image_digest: `sha256:${'e'.repeat(64)}`, running: true }],
    },
  ],
  ImportAdvisories: () => [{ directory: '/nowhere/at/all' }],
  CreateClient: () => [{ name: 'walk' }],
  CreateUser: ({ held }) => [{ username: held.username, role: 'reader', password: 'a long password' }],
  UpdateUser: () => [{ role: 'administrator' }],
  SetUserPassword: () => [{ password: 'another long password' }],
}

/** The values that a parameter or a part of a path is tried with. */
function valuesFor(name: string, { ids, held, tenant }: Words): readonly string[] {
  switch (name) {
    case 'cid':
      return [tenant.cid]
    case 'repository':
      return [`${tenant.mark}/ledger`, 'shop/checkout']
    case 'tag':
      return ['1.0', '2.0.0']
    case 'registry':
      return ['']
    case 'vulnerability':
    case 'cve_id':
      return ['CVE-2026-90001', 'CVE-2026-90002']
    case 'package':
      return [`${tenant.mark}-ledger`]
    case 'username':
      return [held.username]
    case 'actor':
      return [tenant.clientId]
    case 'cluster':
      return ['west']
    case 'digest':
    case 'image_digest':
      return [held.images.ledger.digest, held.images.checkout.digest]
    case 'image_id':
      return [held.images.ledger.configDigest.slice(7), held.images.checkout.configDigest.slice(7)]
    case 'id':
    case 'uuid':
    case 'client_id':
      return ids
    default:
      return []
  }
}

/** Every request about one operation that the words make. */
export function requestsOf(id: string, operation: Operation, words: Words): Asked[] {
  const { path = {}, query = {} } = operation
  const paths = Object.keys(path).reduce<Record<string, string>[]>(
    (made, name) => made.flatMap((one) => valuesFor(name, words).map((value) => ({ ...one, [name]: value }))),
    [{}],
  )
  const queries = queriesOf(query, words)
  const sent = operation.body ? (bodies[id]?.(words) ?? []) : [undefined]
  return paths.flatMap((inPath) =>
    queries.flatMap((inQuery) =>
      sent.map((body) => ({
        id,
        operation,
        path: inPath,
        query: inQuery,
        ...(body === undefined ? {} : { body }),
      })),
    ),
  )
}

function queriesOf(query: Readonly<Record<string, Parameter>>, words: Words): Asked['query'][] {
  const base: Record<string, string> = {}
  const choices: [string, readonly (string | readonly string[])[]][] = []
  const more: Asked['query'][] = []
  for (const [name, parameter] of Object.entries(query)) {
    if (name === 'ids') choices.push([name, chunks(words.ids)])
    else if (parameter.required) choices.push([name, valuesFor(name, words)])
    else if (parameter.kind === 'boolean') more.push({ [name]: 'true' })
    else if (parameter.kind === 'text')
      more.push(...valuesFor(name, words).map((value) => ({ [name]: value })))
    else if (parameter.kind === 'fql')
      more.push(...filtersOf(parameter, words).map((value) => ({ [name]: value })))
  }
  const required = choices.reduce<Record<string, string | readonly string[]>[]>(
    (made, [name, values]) => made.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [base],
  )
  // A reference and an image are named by two parameters each.
  const named =
    'repository' in query && 'tag' in query ? [{ repository: `${words.tenant.mark}/ledger`, tag: '1.0' }] : []
  const imaged =
    'image_id' in query && 'digest' in query
      ? [
          {
            image_id: words.held.images.ledger.configDigest.slice(7),
            digest: words.held.images.ledger.digest,
          },
        ]
      : []
  const first = required[0] ?? {}
  return [...required, ...[...more, ...named, ...imaged].map((one) => ({ ...first, ...one }))]
}

/** A filter on each field with a word of the tenant: none may let anything of it through. */
function filtersOf({ fields = {} }: Parameter, { tenant, held }: Words): string[] {
  const words: Readonly<Record<string, string>> = {
    cid: `!'${tenant.cid}'`,
    image_digest: `'${held.images.ledger.digest}'`,
    image_id: `'${held.images.ledger.configDigest.slice(7)}'`,
  }
  return Object.entries(fields)
    .filter(([, { kind, filter }]) => kind === 'text' && filter !== false)
    .map(([name]) => `${name}:${words[name] ?? `*'*${tenant.mark}*'`}`)
}

function chunks(ids: readonly string[]): string[][] {
  const size = 50
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, at) =>
    ids.slice(at * size, (at + 1) * size),
  )
}

/** Sends it as a tenant. */
export function send(tenant: EstateTenant, { operation, path, query, body }: Asked): Promise<TestReply> {
  const url = operation.url.replaceAll(/\{(?<name>\w+)\}/g, (_, name: string) =>
    encodeURIComponent(path[name]!),
  )
  const form = operation.consumes === 'form'
  const basic = Buffer.from(`${tenant.clientId}:${tenant.clientSecret}`).toString('base64')
  return tenant.call(operation.method, url, {
    query,
    ...(body === undefined ? {} : { body: form ? String(new URLSearchParams(body as never)) : body }),
    headers: form
      ? { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: `Basic ${basic}` }
      : {},
  })
}
