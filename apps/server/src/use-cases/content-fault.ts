import { Fault } from '@lanner/model'

/**
 * Why the push registry refuses, in the words of the distribution specification's table of error codes.
 * `range-invalid`: a chunk does not begin where the upload ends. `over-quota`: the tenant has no bytes left. `no-space`: the
 * disk is full; nothing of the request is kept.
 */
export type ContentFaultCode =
  | 'blob-unknown'
  | 'blob-upload-invalid'
  | 'blob-upload-unknown'
  | 'digest-invalid'
  | 'manifest-blob-unknown'
  | 'manifest-invalid'
  | 'manifest-too-large'
  | 'manifest-unknown'
  | 'name-invalid'
  | 'name-unknown'
  | 'range-invalid'
  | 'size-invalid'
  | 'page-invalid'
  | 'over-quota'
  | 'in-use'
  | 'too-many-uploads'
  | 'no-space'
  | 'unavailable'

/** What was pushed, asked for or deleted cannot be. `detail` goes to the client as it is. */
export class ContentFault extends Fault<ContentFaultCode> {
  readonly detail?: Readonly<Record<string, unknown>>

  constructor(
    code: ContentFaultCode,
    message: string,
    options: { readonly cause?: unknown; readonly detail?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(code, message, { cause: options.cause, retryable: code === 'unavailable' })
    if (options.detail) this.detail = options.detail
  }
}

/** A repository of a tenant: where content is pushed to and asked for. */
export interface Place {
  readonly cid: string
  readonly repository: string
}
