import { AdmissionFault } from './fault.ts'

/** What may happen to an object. */
export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'

/** The members of an AdmissionReview's request that a verdict depends on. */
export interface AdmissionRequest {
  /** Comes back with the answer. */
  readonly uid: string
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string }
  /** '' for the object itself. */
  readonly subResource: string
  /** '' where the object has none yet, or never. */
  readonly name: string
  readonly namespace: string
  readonly operation: Operation
  /** Who asks. */
  readonly user: string
  readonly object: unknown
  readonly oldObject: unknown
}

/** The only version of admission.k8s.io that is spoken. */
export const reviewVersion = 'admission.k8s.io/v1'

const operations: ReadonlySet<unknown> = new Set<Operation>(['CREATE', 'UPDATE', 'DELETE', 'CONNECT'])

/**
 * Reads an AdmissionReview of admission.k8s.io/v1.
 * https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#request
 * Throws AdmissionFault where it is something else.
 */
export function readReview(document: unknown): AdmissionRequest {
  if (!isRecord(document)) throw malformed('the body is not an object')
  const { apiVersion, kind } = document
  if (kind !== 'AdmissionReview')
    throw malformed(`its kind is ${shown(kind)}, and only AdmissionReview is answered`)
  if (apiVersion !== reviewVersion)
    throw new AdmissionFault(
      'unsupported-version',
      `an AdmissionReview of ${shown(apiVersion)} cannot be answered, only of ${reviewVersion}: set admissionReviewVersions of the webhook to ["v1"]`,
    )
  const { request } = document
  if (!isRecord(request)) throw malformed('it has no request')
  const uid = text(request, 'uid', 'request')
  if (uid === '') throw malformed('request.uid is missing')
  const operation = request['operation']
  if (!operations.has(operation))
    throw malformed(`request.operation is ${shown(operation)}, not one of ${[...operations].join(', ')}`)
  const ofObject = request['kind']
  if (!isRecord(ofObject)) throw malformed('request.kind is missing')
  const userInfo = request['userInfo']
  return {
    uid,
    kind: {
      group: text(ofObject, 'group', 'request.kind'),
      version: text(ofObject, 'version', 'request.kind'),
      kind: text(ofObject, 'kind', 'request.kind'),
    },
    subResource: text(request, 'subResource', 'request'),
    name: text(request, 'name', 'request'),
    namespace: text(request, 'namespace', 'request'),
    operation: operation as Operation, // It is in the set of them.
    user: isRecord(userInfo) ? text(userInfo, 'username', 'request.userInfo') : '',
    object: request['object'],
    oldObject: request['oldObject'],
  }
}

/** Whether a value has members. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What is absent is ''. */
function text(record: Readonly<Record<string, unknown>>, member: string, place: string): string {
  const value = record[member]
  if (value === undefined || value === null) return ''
  if (typeof value !== 'string' || value.length > 1024)
    throw malformed(`${place}.${member} is not a text of at most 1024 characters`)
  return value
}

function malformed(reason: string): AdmissionFault {
  return new AdmissionFault('malformed', `not an AdmissionReview that can be answered: ${reason}`)
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 80)) : typeof value
}
