import type { Estate, EstateTenant } from '../../apps/server/src/testing/estate.ts'
import type { Holdings } from '../../apps/server/src/testing/estate-holdings.ts'
import type { Body, Collection, Operation, Query } from '../../packages/contract/src/index.ts'

export type QueryValue = string | number | boolean | readonly string[]

/** One call of an operation, as it is sent and shown. */
export interface ExampleRequest<
  C extends Collection = Collection,
  Id extends keyof C['operations'] = string,
> {
  readonly query?: { readonly [Name in keyof QueryOf<C['operations'][Id]>]?: QueryValue }
  readonly path?: Readonly<Record<string, string>>
  readonly body?: Body<C, Id>
  /** Signs in by client id and secret in place of a token. */
  readonly basic?: true
  /** The status that is expected, where it is not the operation's good one, with the reason. */
  readonly refused?: { readonly status: number; readonly because: string }
}

type QueryOf<O extends Operation> =
  O extends Operation<infer Q> ? (string extends keyof Q ? Query : Q) : never

/** What an example may use: the tenant that asks, what it has, and the answers of other operations. */
export interface Scene {
  readonly estate: Estate
  readonly tenant: EstateTenant
  readonly held: Holdings
  /** The resources that another operation answers with. */
  ask<C extends Collection, Id extends keyof C['operations'] & string>(
    collection: C,
    id: Id,
    request?: ExampleRequest<C, Id>,
    // biome-ignore lint/suspicious/noExplicitAny: only ids are taken out of it
  ): Promise<any[]>
}

/** An example for every operation of a collection: one missing or too many does not compile. */
export type Examples<C extends Collection> = {
  readonly [Id in keyof C['operations'] & string]: (
    scene: Scene,
  ) => ExampleRequest<C, Id> | Promise<ExampleRequest<C, Id>>
}

export interface ExampleCollection {
  readonly collection: Collection
  /** Of the page, without its ending. */
  readonly file: string
  readonly examples: Readonly<Record<string, (scene: Scene) => ExampleRequest | Promise<ExampleRequest>>>
}

/** Ties examples to their collection and page. */
export function examplesOf<const C extends Collection>(
  collection: C,
  file: string,
  examples: Examples<C>,
): ExampleCollection {
  // Each example is made for its own operation and only ever used with it.
  return { collection, file, examples: examples as unknown as ExampleCollection['examples'] }
}
