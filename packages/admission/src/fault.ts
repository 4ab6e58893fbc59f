import { Fault } from '@lanner/model'

/** A document that is no AdmissionReview that can be answered. */
export class AdmissionFault extends Fault<'malformed' | 'unsupported-version'> {}
