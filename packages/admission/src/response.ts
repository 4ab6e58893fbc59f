import {
  denialLine,
  denialMessage,
  nameByDigest,
  placesText,
  policyText,
  type ShownName,
  stateText,
} from './denial.ts'
import { admissionLimits } from './limits.ts'
import { clipped } from './plain-text.ts'
import { type AdmissionRequest, reviewVersion } from './review.ts'
import { denying, type Gate, type JudgedImage } from './verdict.ts'

/** The answer to a review, as it goes over the wire. */
export interface AdmissionReviewAnswer {
  readonly apiVersion: typeof reviewVersion
  readonly kind: 'AdmissionReview'
  readonly response: AdmissionResponse
}

/** https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#response */
export interface AdmissionResponse {
  readonly uid: string
  readonly allowed: boolean
  /** What the user is told, of a denial. */
  readonly status?: {
    readonly status: 'Failure'
    readonly code: number
    readonly reason: string
    readonly message: string
  }
  readonly warnings?: readonly string[]
  readonly auditAnnotations?: Readonly<Record<string, string>>
}

/** What was decided about an object: `passed` where nothing had to be judged. */
export type Decision = 'passed' | 'allowed' | 'denied' | 'would-deny'

/** An answer and what was decided with it. */
export interface DecidedReview {
  readonly decision: Decision
  readonly answer: AdmissionReviewAnswer
}

/** Lets an object pass without a look at its images. */
export function passedReview({ uid }: AdmissionRequest, because: string): DecidedReview {
  return {
    decision: 'passed',
    answer: answerOf({
      uid,
      allowed: true,
      auditAnnotations: { decision: `passed: ${clipped(because, 300)}` },
    }),
  }
}

/** Denies an object that cannot be read, unless nothing is denied. */
export function unreadableReview(
  { uid }: AdmissionRequest,
  problem: string,
  { dryRun }: Gate,
): DecidedReview {
  const message = clipped(`Lanner cannot judge it: ${problem}`, admissionLimits.message)
  if (dryRun)
    return {
      decision: 'would-deny',
      answer: answerOf({
        uid,
        allowed: true,
        warnings: [warning(`would have been denied: ${message}`)],
        auditAnnotations: { decision: 'would-deny' },
      }),
    }
  return {
    decision: 'denied',
    answer: answerOf({
      uid,
      allowed: false,
      status: { status: 'Failure', code: 400, reason: 'BadRequest', message },
      auditAnnotations: { decision: 'denied' },
    }),
  }
}

/** Answers by what became of each image. */
export function judgedReview(
  { uid }: AdmissionRequest,
  judged: readonly JudgedImage[],
  { dryRun }: Gate,
  shownName: ShownName = nameByDigest,
): DecidedReview {
  const denied = judged.filter(({ outcome }) => denying.has(outcome)).toSorted((a, b) => rank(a) - rank(b))
  const decision = denied.length === 0 ? 'allowed' : dryRun ? 'would-deny' : 'denied'
  const warnings = [
    ...(dryRun ? denied.map((each) => `would have been denied: ${denialLine(each)}`) : []),
    ...judged.flatMap(remarks),
  ]
  return {
    decision,
    answer: answerOf({
      uid,
      allowed: decision !== 'denied',
      ...(decision === 'denied'
        ? { status: { status: 'Failure', ...codeOf(denied), message: denialMessage(denied, shownName) } }
        : {}),
      ...(warnings.length > 0 ? { warnings: bounded(warnings) } : {}),
      auditAnnotations: annotations(decision, judged),
    }),
  }
}

const order = ['denied', 'malformed', 'unassessed-denied', 'unanswered-denied']

/** What a policy says comes first in a message. */
function rank({ outcome }: JudgedImage): number {
  return order.indexOf(outcome)
}

/** As the API server says it to the user; the worst image counts. */
function codeOf([first]: readonly JudgedImage[]): { readonly code: number; readonly reason: string } {
  if (first?.outcome === 'malformed') return { code: 400, reason: 'BadRequest' }
  if (first?.outcome === 'unanswered-denied') return { code: 503, reason: 'ServiceUnavailable' }
  return { code: 403, reason: 'Forbidden' }
}

/** What somebody should know of an image that passes. */
function remarks({ image, answer, outcome }: JudgedImage): readonly string[] {
  const subject = `image ${clipped(image.text, 120)} of ${placesText(image.places)}`
  if (answer?.kind === 'unanswered')
    return outcome === 'unanswered-allowed' ? [`${subject} passes unjudged: ${answer.problem}`] : []
  if (answer?.kind !== 'verdict') return []
  const { verdict } = answer
  if (outcome === 'unassessed-allowed') return [`${subject} passes unjudged: it is ${stateText(verdict)}`]
  if (outcome === 'alerted') {
    const [worst] = verdict.findings
    const what = worst ? `, the worst ${worst.vulnerability} (${worst.severity})` : ''
    const count = verdict.matched > 0 ? ` for ${verdict.matched} matches${what}` : ''
    return [`${subject}: alert by ${policyText(verdict)}${count}`]
  }
  if (outcome === 'allowed' && verdict.state === 'partially') return [`${subject} is ${stateText(verdict)}`]
  return []
}

function annotations(decision: Decision, judged: readonly JudgedImage[]): Readonly<Record<string, string>> {
  const policies = new Set(
    judged.flatMap(({ answer }) => (answer?.kind === 'verdict' ? (answer.verdict.policy ?? []) : [])),
  )
  const images = judged.map((each) => `${nameByDigest(each)} ${each.outcome}`)
  return {
    decision,
    ...(policies.size > 0 ? { policy: clipped([...policies].join(', '), admissionLimits.annotation) } : {}),
    images: clipped(images.join(', '), admissionLimits.annotation),
  }
}

function bounded(warnings: readonly string[]): readonly string[] {
  const { warnings: most } = admissionLimits
  if (warnings.length <= most) return warnings.map(warning)
  return [...warnings.slice(0, most - 1).map(warning), `and ${warnings.length - most + 1} more warnings`]
}

function warning(text: string): string {
  return clipped(text, admissionLimits.warning)
}

function answerOf(response: AdmissionResponse): AdmissionReviewAnswer {
  return { apiVersion: reviewVersion, kind: 'AdmissionReview', response }
}
