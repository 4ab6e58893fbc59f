import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Interfaces of reports that carry a code as faults do. */
const coded =
  /\binterface (?<name>AssessmentReason|UnresolvedImage) \{[^}]*?\breadonly code:(?<codes>[^/}]*?)\n {2}(?:\/|readonly)/g

/** The codes of every class of faults, and those that reports carry, as the sources declare them. */
export function faultCodes(root: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  for (const path of globSync(['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts'], { cwd: root }).sort()) {
    if (path.includes('.test.')) continue
    const text = readFileSync(join(root, path), 'utf8')
    for (const { groups } of text.matchAll(/\bclass (?<name>\w+) extends Fault<(?<codes>[^>]*)>/g))
      found.set(groups?.['name'] ?? '', literals(groups?.['codes'] ?? '', text, path))
    for (const { groups } of text.matchAll(coded))
      found.set(groups?.['name'] ?? '', literals(groups?.['codes'] ?? '', text, path))
  }
  return found
}

/** The members of a union of texts; an alias is looked up in its own file, where every class has it. */
function literals(union: string, text: string, path: string): readonly string[] {
  const alias = /^\s*(?<name>[A-Z]\w*)\s*$/.exec(union)?.groups?.['name']
  if (alias === undefined) return [...union.matchAll(/'(?<code>[^']+)'/g)].map(([, code]) => code)
  const declared = new RegExp(`\\btype ${alias} =(?<codes>(?:\\s*\\|?\\s*'[^']+')+)`).exec(text)
  if (!declared?.groups) throw new Error(`${path}: the codes ${alias} are not declared beside the class`)
  return literals(declared.groups['codes'], text, path)
}
