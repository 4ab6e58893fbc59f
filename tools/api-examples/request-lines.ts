import type { Operation } from '../../packages/contract/src/index.ts'
import type { ExampleRequest } from './example.ts'
import { pathOf } from './run.ts'

/** The request as curl sends it, with `$URL` and `$TOKEN` in the shell. */
export function curlLine(operation: Operation, request: ExampleRequest): string {
  const { method, scope, consumes } = operation
  const { query = {}, path = {}, body, basic } = request
  const parts = [method === 'GET' ? 'curl -s' : method === 'HEAD' ? 'curl -sI' : `curl -s -X ${method}`]
  if (basic) parts.push('-u "$CLIENT_ID:$CLIENT_SECRET"')
  else if (scope !== 'none') parts.push('-H "Authorization: Bearer $TOKEN"')
  if (body !== undefined && consumes === 'form')
    for (const [name, value] of Object.entries(body as Record<string, string>))
      parts.push(`--data-urlencode ${quoted(`${name}=${value}`)}`)
  else if (body !== undefined)
    parts.push(`-H 'Content-Type: application/json' -d ${quoted(JSON.stringify(body))}`)
  const sent = new URLSearchParams(pairs(query))
  // What a shell and a reader take as it is stays as it is.
  const search = String(sent).replaceAll(/%(?:27|3A|2F|3E|2C|5B|5D)/g, decodeURIComponent)
  parts.push(`"$URL${pathOf(operation, path)}${search === '' ? '' : `?${search}`}"`)
  return parts.join(' \\\n  ')
}

/** The same with our own command. */
export function commandLine(id: string, { query = {}, path = {}, body }: ExampleRequest): string {
  const words = ['lanner api', id]
  for (const [name, value] of [...pairs(path), ...pairs(query)])
    words.push(`--param ${quotedIfNeeded(`${name}=${value}`)}`)
  if (body !== undefined) words.push(`--body ${quoted(JSON.stringify(body))}`)
  return words.join(' ')
}

function pairs(values: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(values).flatMap(([name, value]) =>
    [value].flat().map((each): [string, string] => [name, String(each)]),
  )
}

function quotedIfNeeded(text: string): string {
  if (/^[\w=.:/@%+,-]+$/.test(text)) return text
  return /["$`\\!]/.test(text) ? quoted(text) : `"${text}"`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
