import { bodyOf, type Operation } from '@lanner/contract'
import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { first } from './request-body.ts'

/** Holds the bodies of an operation's good answers against what is declared of them; throws where they differ. */
export function replyChecker(id: string, operation: Operation): (body: string) => void {
  const schema = bodyOf(operation.reply)
  if (!schema) return () => {}
  let validator: Validator<Record<never, never>, TSchema> | undefined
  return (body) => {
    validator ??= Compile(schema)
    const value: unknown = JSON.parse(body)
    if (!validator.Check(value))
      throw new Error(`${id} answers with another body than it declares: ${first(validator, value)}`)
  }
}
