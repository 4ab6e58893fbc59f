import { reportParts, reportRoot, reportSchemaId } from './schema.ts'
import type { SchemaNode } from './schema-node.ts'

/** The reference page of the JSON report, printed from its schema: a table for each part. */
export function reportSchemaPage(): string {
  return [
    '# The JSON report',
    '',
    '<!-- Printed by `npm run generate`: change the source, not this page. -->',
    '',
    `\`lanner scan --format json\` writes one document that follows \`${reportSchemaId}\`.`,
    'Fields may be added to it; a change that an existing reader could misread gets a new number.',
    '',
    '## document',
    '',
    ...part(reportRoot),
    ...Object.entries(reportParts).flatMap(([name, node]) => [`## ${name}`, '', ...part(node)]),
  ].join('\n')
}

function part(node: SchemaNode): string[] {
  return [
    node.description ?? '',
    '',
    '| field | type | always there | meaning |',
    '| --- | --- | --- | --- |',
    ...rows(node, ''),
    '',
  ]
}

function* rows(node: SchemaNode, prefix: string): Generator<string> {
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    const always = node.required?.includes(name) ? 'yes' : 'no'
    yield `| \`${prefix}${name}\` | ${typeOf(child)} | ${always} | ${meaningOf(child)} |`
    if (child.properties) yield* rows(child, `${prefix}${name}.`)
  }
}

function typeOf(node: SchemaNode): string {
  if (node.$ref) {
    const name = node.$ref.slice('#/$defs/'.length)
    return `[${name}](#${name.toLowerCase()})`
  }
  if (node.type === 'array') return `list of ${typeOf(node.items ?? {})}`
  if (node.additionalProperties) return 'map of texts'
  if (node.format === 'date-time') return 'time'
  return node.type === 'string' ? 'text' : (node.type ?? '')
}

function meaningOf(node: SchemaNode): string {
  const words = node.enum ? ` One of ${node.enum.map((word) => `\`${word}\``).join(', ')}.` : ''
  return `${(node.description ?? '').replaceAll('|', '\\|')}${words}`.trim()
}
