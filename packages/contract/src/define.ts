import type { Static, TSchema } from 'typebox'
import type { Query, QueryValues, Reply } from './parts.ts'

/** Who may call: any one of the listed scopes is enough; an empty list means a valid credential of any scope. */
export type Scopes = readonly string[]

/** The methods that operations use. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'

/** What an operation is, without its id and collection. */
export interface OperationShape<
  Q extends Query = Query,
  B extends TSchema | undefined = TSchema | undefined,
  R extends Reply = Reply,
> {
  readonly tier: 'auth' | 'seed' | 'newer' | 'neighbour' | 'bonus' | 'own'
  /** `none`: no bearer token is asked for (the token endpoints themselves). */
  readonly scope: Scopes | 'none'
  readonly summary: string
  readonly description?: string
  readonly query?: Q
  /** Descriptions of the `{name}` parts of the path. */
  readonly path?: Readonly<Record<string, string>>
  readonly body?: B
  readonly consumes?: 'json' | 'form'
  /**
   * Other methods that clients use for the same. Where another operation owns that method and path, a request with an
   * `id` in its query or body is this one's.
   */
  readonly alsoMethods?: readonly Method[]
  /** Set: in the vendor's clouds it lives on the host that images are pushed to; here on the same listener as all. */
  readonly uploadHost?: true
  /** falconpy's method name, where it is not the id in snake case. */
  readonly snakeName?: string
  /** Ids that other clients have for it. */
  readonly alsoCalled?: readonly string[]
  /** Further collections that list it. */
  readonly alsoIn?: readonly string[]
  /** The good status; 200 unless said. */
  readonly status?: number
  readonly reply: R
  /** Statuses beside the good one that the operation itself can answer, with when. */
  readonly failures?: Readonly<Record<number, string>>
  /** How the wire differs from what one would expect, a sentence each; every one has a test. */
  readonly quirks?: readonly string[]
}

/** A declared operation: its shape, its method and its url. */
export interface Operation<
  Q extends Query = Query,
  B extends TSchema | undefined = TSchema | undefined,
  R extends Reply = Reply,
> extends OperationShape<Q, B, R> {
  readonly method: Method
  /** `/policies/{id}`. */
  readonly url: string
}

/** Operations by id. */
export type Operations = Readonly<Record<string, Operation>>

/** The operations of one collection of a dialect, by operation id. */
export interface Collection<O extends Operations = Operations> {
  readonly name: string
  readonly dialect: 'falcon' | 'lanner'
  readonly operations: O
}

/** The operations of one collection, by their ids. */
export function collection<O extends Operations>(
  dialect: Collection['dialect'],
  name: string,
  operations: O,
): Collection<O> {
  return { dialect, name, operations }
}

/** The snake-case name of an operation, as falconpy's service classes have it: `get_combined_images`. */
export function operationName(id: string, operation?: Pick<OperationShape, 'snakeName'>): string {
  return (
    operation?.snakeName ??
    id
      .replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_')
      .replaceAll('-', '_')
      .toLowerCase()
  )
}

function verb(method: Method) {
  return <
    const Q extends Query = Record<never, never>,
    B extends TSchema | undefined = undefined,
    R extends Reply = Reply,
  >(
    url: string,
    shape: OperationShape<Q, B, R>,
  ): Operation<Q, B, R> => ({ method, url, ...shape })
}

/** An operation that is a GET. */
export const get = verb('GET')
/** An operation that is a HEAD: headers only. */
export const head = verb('HEAD')
/** An operation that is a POST. */
export const post = verb('POST')
/** An operation that is a PUT. */
export const put = verb('PUT')
/** An operation that is a PATCH. */
export const patch = verb('PATCH')
/** An operation that is a DELETE. */
export const del = verb('DELETE')

/** Who calls, as the sign-in said it. */
export interface Caller {
  /** The tenant. */
  readonly cid: string
  /** Client id or user name: what the audit trail names. */
  readonly actor: string
  readonly scopes: ReadonlySet<string>
}

/** Where a request comes from, and how its sender would address this server. */
export interface Origin {
  /** The peer's IP address. */
  readonly address: string
  /** `https://host:port` as the request named it; no slash at the end. */
  readonly url: string
  /** As the answer's meta has it. */
  readonly traceId: string
  /** The Authorization header as sent: for the token endpoints. */
  readonly authorization?: string
}

/** What a handler of an operation gets. */
export interface Request<O extends Operation> {
  /** With an operation that asks for no sign-in (`scope: 'none'`): a caller without tenant and scopes. */
  readonly caller: Caller
  readonly origin: Origin
  readonly query: O extends Operation<infer Q, TSchema | undefined, Reply> ? QueryOf<Q> : never
  readonly path: Readonly<Record<string, string>>
  readonly body: O extends Operation<Query, infer B, Reply> ? BodyOf<B> : never
  readonly signal: AbortSignal
}

// An operation that declares no parameters, or no body, has the widest type there is of it.
type QueryOf<Q extends Query> = string extends keyof Q ? Readonly<Record<never, never>> : QueryValues<Q>
type BodyOf<B> = TSchema extends B ? undefined : B extends TSchema ? Static<B> : undefined

/** What a handler gives: the inside of the body, and what the envelope says beside it. */
export type Answer<O extends Operation> = O['reply'] extends {
  kind: 'resources'
  schema: infer S extends TSchema
}
  ? { readonly resources: readonly Static<S>[] } & Beside
  : O['reply'] extends { kind: 'resource'; schema: infer S extends TSchema }
    ? { readonly resource: Static<S> } & Beside
    : O['reply'] extends { kind: 'bare'; schema: infer S extends TSchema }
      ? { readonly value: Static<S> } & Pick<Beside, 'status' | 'headers'>
      : O['reply'] extends { kind: 'file' }
        ? {
            readonly file: AsyncIterable<Uint8Array> | Uint8Array | string
            readonly contentType: string
            readonly name?: string
          } & Pick<Beside, 'headers'>
        : O['reply'] extends { kind: 'acknowledged' }
          ? Beside
          : Pick<Beside, 'status' | 'headers'>

interface Beside {
  /** What the answer leaves open; absent for a whole one, whose errors are empty. */
  readonly errors?: readonly { readonly code: number; readonly message: string }[]
  readonly pagination?: { readonly limit: number; readonly offset: number; readonly total: number }
  readonly affected?: number
  /** Instead of the operation's good status. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** A handler for every operation of a collection: one missing or too many does not compile. */
export type Handlers<C extends Collection, Services> = {
  readonly [Id in keyof C['operations']]: (
    request: Request<C['operations'][Id]>,
    services: Services,
  ) => Promise<Answer<C['operations'][Id]>>
}

/** One resource (or the bare value) that an operation answers with: `Row<typeof containerImages, 'GetCombinedImages'>`. */
export type Row<C extends Collection, Id extends keyof C['operations']> = C['operations'][Id] extends {
  reply: { schema: infer S extends TSchema }
}
  ? Static<S>
  : never

/** The body that an operation takes. */
export type Body<C extends Collection, Id extends keyof C['operations']> = Request<
  C['operations'][Id]
>['body']
