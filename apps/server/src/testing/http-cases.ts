import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import type { TestCall, TestReply } from './server.ts'

/**
 * A file of requests with what must come back. A case begins with `### name`; then the request as HTTP has it (first line,
 * headers, an empty line, a body), then `=> status` and what must hold, one a line:
 * `Name: value` a header in this very spelling (`*`: any value), `!Name` a header that must not be there,
 * `path == json` a member of the body, `path ~ expression` a text member, `!path` a member that must not be there,
 * `name <- path` keeps a member for the cases that follow.
 */
export interface HttpCase {
  readonly name: string
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  readonly status: number
  readonly expectations: readonly string[]
}

/** Reads the cases of a file. */
export function readHttpCases(text: string): readonly HttpCase[] {
  const [, ...parts] = text.split(/^### /m)
  return parts.map((part) => {
    const [request = '', answer = ''] = part.split(/^=> /m)
    const [name = '', first = '', ...rest] = request.split('\n')
    const [method = '', path = ''] = first.split(' ')
    const end = rest.indexOf('')
    const headers = rest.slice(0, end < 0 ? rest.length : end)
    const body = (end < 0 ? [] : rest.slice(end + 1)).join('\n').trim()
    const [status = '', ...expectations] = answer.split('\n')
    return {
      name,
      method,
      path,
      headers: Object.fromEntries(
        headers.filter((line) => line !== '').map((line) => line.split(/:\s*/, 2) as [string, string]),
      ),
      body: body === '' ? undefined : body,
      status: Number(status),
      expectations: expectations.filter((line) => line !== '' && !line.startsWith('#')),
    }
  })
}

type Call = (method: string, path: string, call: TestCall) => Promise<TestReply>

/** Sends a case and holds the reply against it. `{name}` stands for a variable; `name <- path` sets one. */
export async function runHttpCase(one: HttpCase, variables: Map<string, string>, call: Call): Promise<void> {
  const filled = (text: string) =>
    text.replaceAll(/\{(?<name>[a-z][\w]*)\}/g, (whole, name: string) => variables.get(name) ?? whole)
  const reply = await call(one.method, filled(one.path), {
    token: '',
    headers: Object.fromEntries(Object.entries(one.headers).map(([name, value]) => [name, filled(value)])),
    ...(one.body === undefined ? {} : { body: filled(one.body) }),
  })
  assert.equal(reply.status, one.status, `${one.name}: ${reply.text}`)
  for (const line of one.expectations) expect(one.name, filled(line), reply, variables)
}

const forms = {
  set: /^(?<name>\w+) <- (?<path>\S+)$/,
  equal: /^(?<path>[\w.]+) == (?<json>.+)$/,
  match: /^(?<path>[\w.]+) ~ (?<expression>.+)$/,
  noHeader: /^!(?<name>[A-Z][\w-]*)$/,
  noMember: /^!(?<path>[a-z][\w.]*)$/,
  header: /^(?<name>[A-Z][\w-]*): (?<value>.+)$/,
}

function expect(name: string, line: string, reply: TestReply, variables: Map<string, string>): void {
  const [form, groups] = formOf(line)
  const told = `${name}: ${line}\n${reply.rawHeaders.join(' ')}\n${reply.text}`
  const at = groups['path'] === undefined ? undefined : member(reply.body, groups['path'])
  if (form === 'set') variables.set(groups['name']!, String(at))
  else if (form === 'equal') assert.ok(isDeepStrictEqual(at, JSON.parse(groups['json']!)), told)
  else if (form === 'match') assert.match(String(at), new RegExp(groups['expression']!), told)
  else if (form === 'noMember') assert.equal(at, undefined, told)
  else if (form === 'noHeader') assert.ok(!(groups['name']!.toLowerCase() in reply.headers), told)
  else {
    const index = reply.rawHeaders.findIndex((text, place) => place % 2 === 0 && text === groups['name'])
    assert.ok(index >= 0, told)
    if (groups['value'] !== '*') assert.equal(reply.rawHeaders[index + 1], groups['value'], told)
  }
}

function formOf(line: string): [keyof typeof forms, Record<string, string>] {
  for (const [form, pattern] of Object.entries(forms) as [keyof typeof forms, RegExp][]) {
    const groups = pattern.exec(line)?.groups
    if (groups) return [form, groups as Record<string, string>]
  }
  throw new Error(`a case says ${JSON.stringify(line)}, which is no expectation`)
}

function member(body: unknown, path: string): unknown {
  let value = body
  for (const part of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[part]
  return value
}
