import type * as contract from '@lanner/contract'
import { columns, wrap } from './text.ts'

type Contract = Pick<typeof contract, 'falcon' | 'lanner' | 'operationName' | 'statusesOf'>

/** What an operation does, takes, needs and answers, for people. */
export function describeOperation(
  id: string,
  { falcon, lanner, operationName, statusesOf }: Contract,
): string {
  const each = [...falcon, ...lanner].find(({ operations }) => Object.hasOwn(operations, id))
  const operation = each?.operations[id]
  if (!each || !operation) throw new Error(`the contract has no ${id}`)
  const { method, url, summary, description, scope, query = {}, path = {}, body, quirks = [] } = operation
  const parameters = [
    ...Object.entries(path).map(([name, words]) => [`  ${name}`, 'path', words]),
    ...Object.entries(query).map(([name, parameter]) => [
      `  ${name}`,
      `${parameter.kind}${parameter.required ? ', required' : ''}`,
      parameterWords(parameter),
    ]),
  ]
  const fields = Object.entries(query).flatMap(([name, { kind, fields: table }]) => {
    const usable = Object.entries(table ?? {}).filter(([, field]) =>
      kind === 'sort' ? field.sort === true : field.filter !== false,
    )
    return usable.length > 0
      ? ['', `Fields of ${name}:`, ...indented(usable.map(([field]) => field).join(', '))]
      : []
  })
  return [
    `${id} (${operationName(id, operation)}), ${each.name}`,
    ...indented(summary),
    ...(description ? indented(description) : []),
    '',
    `${method} ${url}`,
    `Scope: ${scope === 'none' ? 'none, no token' : scope.join(' or ')}`,
    ...(parameters.length > 0 ? ['', 'Parameters:', ...columns(parameters)] : []),
    ...fields,
    ...(body
      ? [
          '',
          'Body, as JSON Schema:',
          ...JSON.stringify(body, undefined, 2)
            .split('\n')
            .map((line) => `  ${line}`),
        ]
      : []),
    '',
    'Answers:',
    ...columns([...statusesOf(operation)].map(([status, when]) => [`  ${status}`, when])),
    ...(quirks.length > 0 ? ['', 'Good to know:', ...quirks.flatMap(indented)] : []),
    '',
  ].join('\n')
}

function parameterWords(parameter: contract.Parameter): string {
  const { description, minimum, maximum, choices, default: initial } = parameter
  return [
    description,
    minimum === undefined ? '' : `at least ${minimum}`,
    maximum === undefined ? '' : `at most ${maximum}`,
    choices ? `one of ${choices.join(', ')}` : '',
    initial === undefined ? '' : `default ${initial}`,
  ]
    .filter(Boolean)
    .join('; ')
}

function indented(text: string): string[] {
  return wrap(text, 96).map((line) => `  ${line}`)
}
