import { Fault } from '@lanner/model'

/**
 * Why a document could not be read. `malformed`: it is not what it says it is. `unsupported`: a format or version that is
 * not read. `limit-exceeded`: more than is read of any document.
 */
export class DocumentFault extends Fault<'malformed' | 'unsupported' | 'limit-exceeded'> {}
