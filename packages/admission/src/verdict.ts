import type { AskedImage } from './question.ts'

/** A finding that a rule asks about. */
export interface VerdictFinding {
  readonly vulnerability: string
  readonly severity: string
  /** `libexpat1 2.5.0-1`. */
  readonly package: string
  /** Absent where no fix is known. */
  readonly fixedVersion?: string
}

/** What the platform says of an image, as far as an answer needs it. */
export interface ImageVerdict {
  readonly state: 'assessed' | 'partially' | 'unknown' | 'pending' | 'not_assessable'
  /** Why it is not assessed, or only in part; '' where it is. */
  readonly reason: string
  /** Of the manifest or index that the name stands for now; absent where it is not known. */
  readonly digest?: string
  /** Which manifest of an index decided: `sha256:… (arm64)`. */
  readonly decidedBy?: string
  /** Absent where no policy decides about an image that is not assessed. */
  readonly action?: 'allow' | 'alert' | 'block'
  /** The policy that decided. */
  readonly policy?: string
  /** Its group through which it applies. */
  readonly group?: string
  /** The rules that matched: `rule 1 (severity gte "high")`. */
  readonly rules: readonly string[]
  /** The worst first; `matched` counts those too that are left out here. */
  readonly findings: readonly VerdictFinding[]
  /** Detections and packages that rules ask about: `secret private-key`, `package log4j-core 2.14.1`. */
  readonly others: readonly string[]
  /** How many findings, detections and packages matched. */
  readonly matched: number
  /** Milliseconds since 1970 from which time alone may change it. */
  readonly validUntil?: number
}

/** What came of asking about an image. */
export type ImageAnswer =
  | {
      readonly kind: 'verdict'
      readonly verdict: ImageVerdict
      /** Seconds since it was had, where the platform could not be asked now. */
      readonly age?: number
    }
  /** The platform does not take the question: asking again gives the same. */
  | { readonly kind: 'refused'; readonly problem: string }
  | { readonly kind: 'unanswered'; readonly problem: string }

/** What becomes of what nobody could decide. */
export interface Gate {
  readonly unassessed: 'deny' | 'allow'
  /** Of images that the platform could not be asked about. */
  readonly fail: 'closed' | 'open'
  /** Denies nothing, and says what it would have denied. */
  readonly dryRun: boolean
}

/** What became of an image. */
export type ImageOutcome =
  | 'allowed'
  | 'alerted'
  | 'denied'
  | 'malformed'
  | 'unassessed-denied'
  | 'unassessed-allowed'
  | 'unanswered-denied'
  | 'unanswered-allowed'

/** An image with its answer and what follows from it. */
export interface JudgedImage {
  readonly image: AskedImage
  readonly answer?: ImageAnswer
  readonly outcome: ImageOutcome
}

/** The outcomes that deny the object. */
export const denying: ReadonlySet<ImageOutcome> = new Set([
  'denied',
  'malformed',
  'unassessed-denied',
  'unanswered-denied',
])

/** What follows from an answer: what a policy says goes first, also of images that are not assessed. */
export function judgeImage(image: AskedImage, answer: ImageAnswer | undefined, gate: Gate): JudgedImage {
  const outcome = (): ImageOutcome => {
    if (answer === undefined || answer.kind === 'refused') return 'malformed'
    if (answer.kind === 'unanswered') return gate.fail === 'open' ? 'unanswered-allowed' : 'unanswered-denied'
    const { action } = answer.verdict
    if (action === 'block') return 'denied'
    if (action === 'alert') return 'alerted'
    if (action === 'allow') return 'allowed'
    return gate.unassessed === 'allow' ? 'unassessed-allowed' : 'unassessed-denied'
  }
  return { image, ...(answer ? { answer } : {}), outcome: outcome() }
}
