/** A JSON schema as far as the two sides of a comparison use it. */
interface Schema {
  readonly type?: string | readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
}

interface Shape {
  /** Empty: anything. */
  readonly types: ReadonlySet<string>
  readonly words: string
  /** Whether it is a time; widths of numbers are nothing that JSON tells. */
  readonly time: boolean
  readonly properties: Readonly<Record<string, Schema>> | undefined
  readonly required: ReadonlySet<string>
  readonly items: Schema | undefined
}

/**
 * Where a schema of ours differs from the recorded one, a line each, with the path of the member. What is recorded without a
 * type leaves it open, so anything of ours fits.
 */
export function schemaDifferences(ours: unknown, recorded: unknown, path: string): string[] {
  return [...differences(shapeOf(ours as Schema), shapeOf(recorded as Schema), path)]
}

function* differences(ours: Shape, recorded: Shape, path: string): Generator<string> {
  if (recorded.types.size === 0) return
  if (ours.types.size === 0) {
    yield `${path}: takes anything`
    return
  }
  for (const type of recorded.types) if (!ours.types.has(type)) yield `${path}: not ${type}`
  for (const type of ours.types) if (!recorded.types.has(type)) yield `${path}: also ${type}`
  if (ours.words !== recorded.words)
    yield `${path}: words ${ours.words || 'open'}, recorded ${recorded.words || 'open'}`
  if (ours.time !== recorded.time) yield `${path}: ${ours.time ? 'a time' : 'any text'}`
  if (ours.items && recorded.items) {
    yield* differences(shapeOf(ours.items), shapeOf(recorded.items), `${path}[]`)
  }
  if (ours.properties && recorded.properties) yield* memberDifferences(ours, recorded, path)
}

function* memberDifferences(ours: Shape, recorded: Shape, path: string): Generator<string> {
  const { properties: mine = {} } = ours
  const { properties: theirs = {} } = recorded
  for (const name of Object.keys(theirs)) if (!(name in mine)) yield `${path}.${name}: missing`
  for (const [name, schema] of Object.entries(mine)) {
    const other = theirs[name]
    if (!other) {
      yield `${path}.${name}: ours alone`
      continue
    }
    if (recorded.required.has(name) && !ours.required.has(name)) yield `${path}.${name}: may be missing`
    if (ours.required.has(name) && !recorded.required.has(name)) yield `${path}.${name}: must be there`
    yield* differences(shapeOf(schema), shapeOf(other), `${path}.${name}`)
  }
}

/** Joins the branches of a union: null beside a type, or several plain types. */
function shapeOf(schema: Schema): Shape {
  const branches = schema.anyOf ?? [schema]
  const types = new Set<string>()
  for (const branch of branches) for (const type of typesOf(branch)) types.add(type)
  const withMembers = branches.find(({ properties }) => properties)
  return {
    types,
    words: branches
      .flatMap((branch) => branch.enum ?? [])
      .map(String)
      .sort()
      .join(' '),
    time: branches.some(({ format }) => format === 'date-time'),
    properties: withMembers?.properties,
    required: new Set(withMembers?.required ?? []),
    items: branches.find(({ items }) => items)?.items,
  }
}

function typesOf(schema: Schema): readonly string[] {
  if (schema.anyOf) return [...shapeOf(schema).types]
  if (schema.type === undefined) return schema.enum ? ['string'] : []
  return typeof schema.type === 'string' ? [schema.type] : schema.type
}
