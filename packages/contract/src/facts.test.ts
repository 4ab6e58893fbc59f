import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Operation, operationName } from './define.ts'
import { statusesOf } from './errors.ts'
import { falcon } from './falcon/index.ts'
import type { Field, FieldTable } from './field-table.ts'
import { bodyOf, type Parameter } from './parts.ts'
import { schemaDifferences } from './testing/schema-difference.ts'

interface RecordedParameter {
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly min: number | null
  readonly max: number | null
  readonly default: string | number | boolean | null
  readonly enum: readonly string[] | null
  readonly multi: boolean
  readonly max_expr?: string
  readonly max_items?: number
}

interface RecordedOperation {
  readonly operation_id: string
  readonly pep8_name: string
  readonly collection: string
  readonly also_in?: readonly string[]
  readonly tier: string
  readonly method: string
  readonly path: string
  readonly scope: string | null
  readonly scope_alternatives?: readonly string[]
  readonly consumes: string
  readonly produces: readonly string[]
  readonly query: readonly RecordedParameter[]
  readonly path_params: readonly { readonly name: string }[]
  readonly body: object | null
  readonly success_status: number
  readonly responses: Readonly<Record<string, { readonly properties?: Readonly<Record<string, unknown>> }>>
  readonly supported_filters: readonly string[]
  readonly filters_only_in_seed?: readonly string[]
  readonly filters_complete?: false
  readonly supported_sorts: readonly string[]
  readonly sorts_only_in_seed?: readonly string[]
}

/** What we do on purpose otherwise than recorded. Each must still be a difference. */
const deliberate: readonly { readonly what: RegExp; readonly why: string }[] = [
  {
    what: / status (?:413|503): ours alone$/,
    why: 'the vendor declares neither; a body too large and a database that is away have to be told somehow',
  },
  { what: / status 400: ours alone$/, why: 'whatever takes a parameter or a body can be given a bad one' },
  {
    what: /^(?:GetCredentials|HeadImageScanInventory|customer_settings_read) status 400: missing$/,
    why: 'they take nothing that could be bad',
  },
  {
    what: /^(?:ReadRegistryEntities|GetCombinedImages|CombinedImageDetail|customer_settings_update) status 404: missing$/,
    why: 'a list without rows is a 200, and settings are always there',
  },
  {
    what: /^(?:DeleteRegistryEntities|DeleteBaseImages|DeletePolicy|UpdatePolicies|DeletePolicyGroup|UpdatePolicyGroups|CreatePolicyGroups|CombinedImageVulnerabilitySummary) status 404: ours alone$/,
    why: 'what they are asked about may be unknown',
  },
  { what: /^tokens_read status 404: ours alone$/, why: 'Terraform takes an empty 200 as an error' },
  { what: /^CreatePolic(?:ies|yGroups) status 409: ours alone$/, why: 'names are unique' },
  { what: /^LaunchExportJob status 409: ours alone$/, why: 'one export of a kind runs at a time' },
  {
    what: / reply\.(?:errors|resources|meta): must be there$/,
    why: 'always sent: falconjs maps over arrays and throws where there is none',
  },
  {
    what: /^oauth2AccessToken reply\.(?:token_type|expires_in): must be there$/,
    why: 'always sent: clients renew by them',
  },
  {
    what: / reply\.resources\[\]\.label: must be there$/,
    why: 'always sent: rusty-falcon insists on it',
  },
  {
    what: /^GetCredentials reply\.resources\[\]\.(?:ids|auto_authorize_scanners): must be there$/,
    why: 'always sent: falconjs 0.7.0 knows these two only',
  },
  { what: /^LaunchExportJob body\.sort: may be missing$/, why: 'falconpy leaves it out' },
  {
    what: /^UpdateRegistryEntities query\.id: required false/,
    why: "falconpy's service class puts the id into the body",
  },
  {
    what: /^(?:Create|Update)RegistryEntities body\.credential(?:: may be missing|: also null|\.\w+: ours alone|\.(?:details|type): (?:may be missing|also null))$/,
    why: 'clients write credentials flat, nested, both ways, or not at all',
  },
  {
    what: /^(?:ReadRegistryEntities|CombinedImageByVulnerabilityCount|GetDriftIndicatorsValuesByDate) query\.limit: (?:default 100|maximum 10000), recorded undefined$/,
    why: 'no bound is documented; there has to be one',
  },
  {
    what: /^GetCombinedImages query\.limit: maximum 200, recorded 100$/,
    why: 'the older documentation allows 200',
  },
  {
    what: /^CombinedImage(?:IssuesSummary|VulnerabilitySummary) query\.registry: required false/,
    why: 'images that were pushed here have no registry, and an empty parameter counts as absent',
  },
  {
    what: /^ReadImageVulnerabilities body\..*: may be missing$/,
    why: 'hand-written inventories leave out layers and types',
  },
  {
    what: /^PostImageScanInventory body\..*: (?:may be missing|also null|also string)$/,
    why: 'only what is matched is needed, and Go writes null for empty lists',
  },
  {
    what: /^PostImageScanInventory body\.inventory\.InventoryEngineInfo\.ELFModelVersion: ours alone$/,
    why: 'the scan report has it in the same place',
  },
  {
    what: /^PostImageScanInventory reply: (?:not null|also object)$/,
    why: 'no body is documented; ours tells under which id the report can be had',
  },
  {
    what: /^Update(?:Policies|PolicyGroups) body\.(?:description|is_enabled|name): may be missing$/,
    why: 'falconpy leaves out what its caller did not set',
  },
  {
    what: /^UpdatePolicyPrecedence body\.precedence: also string$/,
    why: 'ids joined by commas are taken too',
  },
  { what: /^CreatePolicyGroups body\.description: may be missing$/, why: 'falconpy leaves it out' },
  {
    what: /PolicyExclusions (?:body|reply\.resources\[\])\.conditions\[\]\.(?:op|and|scope|expires_at): ours alone$/,
    why: 'exclusions can do more here',
  },
  {
    what: /^UpdatePolicyExclusions body\.conditions\[\]\.value(?:\[\])?: also (?:string|number|boolean)$/,
    why: 'a single value and numbers are as clear',
  },
]

const folder = process.env['LANNER_TEST_DATA']
const options = { skip: !folder && 'needs LANNER_TEST_DATA' }
const tiers = new Set(['auth', 'seed', 'newer', 'neighbour'])

function recordedOperations(): readonly RecordedOperation[] {
  const path = join(folder!, 'api', 'falcon.json')
  const all = JSON.parse(readFileSync(path, 'utf8')) as readonly RecordedOperation[]
  return all.filter(({ tier }) => tiers.has(tier))
}

interface Declared {
  readonly collection: string
  readonly operation: Operation
}

const declared: ReadonlyMap<string, Declared> = new Map(
  falcon.flatMap(({ name, operations }) =>
    Object.entries(operations).map(([id, operation]) => [id, { collection: name, operation }] as const),
  ),
)

test('the operations are those that are recorded', options, () => {
  assert.deepEqual(
    [...declared.keys()].sort(),
    recordedOperations()
      .map((each) => each.operation_id)
      .sort(),
  )
})

test('ids, names, methods, paths, scopes and media types are as recorded', options, () => {
  for (const recorded of recordedOperations()) {
    const { collection, operation } = declared.get(recorded.operation_id)!
    const scopes = [recorded.scope, ...(recorded.scope_alternatives ?? [])]
    const { reply } = operation
    assert.deepEqual(
      {
        collection,
        alsoIn: operation.alsoIn ?? [],
        tier: operation.tier,
        name: operationName(recorded.operation_id, operation),
        method: operation.method,
        url: operation.url,
        path: Object.keys(operation.path ?? {}),
        scopes: operation.scope === 'none' ? [null] : [...operation.scope],
        status: operation.status ?? 200,
        form: operation.consumes === 'form',
        produces: reply.kind === 'file' ? reply.produces : ['application/json'],
      },
      {
        collection: recorded.collection,
        alsoIn: recorded.also_in ?? [],
        tier: recorded.tier,
        name: recorded.pep8_name,
        method: recorded.method,
        url: recorded.path,
        path: recorded.path_params.map(({ name }) => name),
        scopes,
        status: recorded.success_status,
        form: recorded.consumes === 'application/x-www-form-urlencoded',
        produces: recorded.produces,
      },
      recorded.operation_id,
    )
  }
})

test(
  'parameters, fields, statuses, bodies and replies differ where we mean them to, and nowhere else',
  options,
  () => {
    const found = recordedOperations().flatMap((recorded) => {
      const { operation } = declared.get(recorded.operation_id)!
      return [
        ...parameterDifferences(operation, recorded),
        ...fieldDifferences('filter', operation, recorded),
        ...fieldDifferences('sort', operation, recorded),
        ...statusDifferences(operation, recorded),
        ...schemaDifferences(operation.body ?? {}, recorded.body ?? {}, 'body'),
        ...replyDifferences(operation, recorded),
      ].map((difference) => `${recorded.operation_id} ${difference}`)
    })
    assert.deepEqual(
      found.filter((difference) => !deliberate.some(({ what }) => what.test(difference))),
      [],
      'differences that nobody meant',
    )
    assert.deepEqual(
      deliberate.filter(({ what }) => !found.some((difference) => what.test(difference))),
      [],
      'differences that are none any more',
    )
  },
)

function parameterDifferences(operation: Operation, recorded: RecordedOperation): string[] {
  const ours = new Map(Object.entries(operation.query ?? {}).map(([name, each]) => [name, factsOf(each)]))
  const theirs = new Map(recorded.query.map((each) => [each.name, recordedFacts(each)]))
  return [...new Set([...ours.keys(), ...theirs.keys()])].flatMap((name) => {
    const mine = ours.get(name)
    const other = theirs.get(name)
    if (!mine || !other) return [`query.${name}: ${mine ? 'ours alone' : 'missing'}`]
    return Object.entries(mine)
      .filter(([fact, value]) => value !== other[fact])
      .map(([fact, value]) => `query.${name}: ${fact} ${value}, recorded ${other[fact]}`)
  })
}

type Facts = Readonly<Record<string, unknown>>

function factsOf({ kind, required, minimum, maximum, window, maximumItems, ...rest }: Parameter): Facts {
  const types = { fql: 'string', sort: 'string', text: 'string', time: 'string', list: 'array' } as const
  return {
    type: kind in types ? types[kind as keyof typeof types] : kind,
    required: required ?? false,
    minimum,
    maximum,
    window: window === undefined ? undefined : `${window} - limit`,
    items: maximumItems,
    default: rest.default,
    choices: rest.choices?.join(),
  }
}

function recordedFacts(recorded: RecordedParameter): Facts {
  return {
    // Several ids are taken wherever ids are: the vendor declares some of them as one text.
    type: recorded.name === 'ids' ? 'array' : recorded.type,
    required: recorded.required,
    minimum: recorded.min ?? undefined,
    maximum: recorded.max ?? undefined,
    window: recorded.max_expr,
    items: recorded.max_items,
    default: recorded.default ?? undefined,
    choices: recorded.enum?.join(),
  }
}

function fieldDifferences(
  purpose: 'filter' | 'sort',
  operation: Operation,
  recorded: RecordedOperation,
): string[] {
  const { supported_filters, filters_only_in_seed = [], supported_sorts, sorts_only_in_seed = [] } = recorded
  const names =
    purpose === 'filter'
      ? [...supported_filters, ...filters_only_in_seed]
      : [...supported_sorts, ...sorts_only_in_seed]
  const table: FieldTable = operation.query?.[purpose]?.fields ?? {}
  const usable = Object.entries(table).filter(([, field]) => isUsable(purpose, field))
  const spellings = new Set(usable.flatMap(([name, { aliases = [] }]) => [name, ...aliases]))
  const missing = names.filter((name) => !spellings.has(name)).map((name) => `${purpose} ${name}: missing`)
  // Where nothing or only examples are documented, ours are as good as any.
  const open = names.length === 0 ? purpose === 'sort' : recorded.filters_complete === false
  if (open) return missing
  const surplus = usable
    .filter(([name, { aliases = [] }]) => ![name, ...aliases].some((each) => names.includes(each)))
    .map(([name]) => `${purpose} ${name}: ours alone`)
  return [...missing, ...surplus]
}

function isUsable(purpose: 'filter' | 'sort', field: Field): boolean {
  return purpose === 'filter' ? field.filter !== false : field.sort === true
}

function statusDifferences(operation: Operation, recorded: RecordedOperation): string[] {
  const ours = new Set([...statusesOf(operation).keys()].map(String))
  const theirs = Object.keys(recorded.responses)
  return [
    ...theirs.filter((status) => !ours.has(status)).map((status) => `status ${status}: missing`),
    ...[...ours].filter((status) => !theirs.includes(status)).map((status) => `status ${status}: ours alone`),
  ]
}

function replyDifferences(operation: Operation, recorded: RecordedOperation): string[] {
  const recordedReply = recorded.responses[String(recorded.success_status)] ?? {}
  const { Resources: capital, ...properties } = recordedReply.properties ?? {}
  // Some of the vendor's models spell the member with a capital; the notes say to send the other.
  const reply =
    capital === undefined
      ? recordedReply
      : { ...recordedReply, properties: { ...properties, resources: capital } }
  const ours = bodyOf(operation.reply)
  return ours ? schemaDifferences(ours, reply, 'reply') : []
}
