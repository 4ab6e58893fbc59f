import { operations } from './generated/operations.ts'
import type { OperationFacts } from './operation.ts'

const byName = new Map<string, OperationFacts | undefined>()
// A name that several have leads to none.
for (const operation of Object.values<OperationFacts>(operations))
  for (const name of new Set([operation.name, ...(operation.alsoCalled ?? [])]))
    byName.set(name, byName.has(name) ? undefined : operation)

/** The operation of an id, of another client's id for it, or of a name that only one has. Throws TypeError. */
export function findOperation(id: string): OperationFacts {
  if (Object.hasOwn(operations, id)) return operations[id as keyof typeof operations]
  const named = byName.get(id)
  if (named) return named
  throw new TypeError(`${JSON.stringify(id)} is no operation`)
}
