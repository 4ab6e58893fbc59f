import {
  type AdmissionRequest,
  type AskedImage,
  type DecidedReview,
  type Decision,
  formatImageName,
  type Gate,
  type ImageName,
  type JudgedImage,
  judgedReview,
  judgeImage,
  passedReview,
  type QuestionOptions,
  questionOf,
  readReview,
  unreadableReview,
} from '@lanner/admission'
import type { AdmissionMetrics } from './metrics.ts'
import type { VerdictSource } from './verdict-source.ts'

/** A line for whoever reads the log; the words are constant, what varies are the fields. */
export type Log = (message: string, fields: Readonly<Record<string, unknown>>) => void

export interface Webhook {
  /** The answer to an AdmissionReview. Throws AdmissionFault where the document is none. */
  review(document: unknown, signal: AbortSignal): Promise<DecidedReview>
}

/** Judges what Kubernetes asks about. */
export function webhook(ports: {
  readonly verdicts: VerdictSource
  readonly gate: Gate
  readonly question: QuestionOptions
  /** The platform's name of a registry, by the host in an image's name. */
  readonly aliases: ReadonlyMap<string, string>
  readonly metrics: AdmissionMetrics
  readonly log: Log
}): Webhook {
  const { verdicts, gate, question, aliases, metrics, log } = ports

  const known = (name: ImageName): ImageName => ({
    ...name,
    registry: aliases.get(name.registry) ?? name.registry,
  })

  async function judged(image: AskedImage, signal: AbortSignal): Promise<JudgedImage> {
    const answer = image.name ? await verdicts.ask(known(image.name), signal) : undefined
    return judgeImage(image, answer, gate)
  }

  /** By the digest that was judged, as `lanner policy-check` takes it. */
  function shownName({ image, answer }: JudgedImage): string {
    if (!image.name) return image.text
    const { registry, repository, tag } = known(image.name)
    const digest = answer?.kind === 'verdict' ? answer.verdict.digest : undefined
    return formatImageName({
      registry,
      repository,
      tag,
      ...(digest ? { digest: digest as ImageName['digest'] } : {}),
    })
  }

  async function decided(
    request: AdmissionRequest,
    signal: AbortSignal,
  ): Promise<DecidedReview & { readonly unjudged?: boolean }> {
    const asked = questionOf(request, question)
    if (asked.kind === 'pass') return passedReview(request, asked.because)
    if (asked.kind === 'unreadable') return unreadableReview(request, asked.problem, gate)
    const images = await Promise.all(asked.images.map((image) => judged(image, signal)))
    for (const { outcome } of images) metrics.judged(outcome)
    const unjudged = images.some(
      ({ outcome }) => outcome === 'unassessed-allowed' || outcome === 'unanswered-allowed',
    )
    return { ...judgedReview(request, images, gate, shownName), unjudged }
  }

  return {
    async review(document, signal) {
      const request = readReview(document)
      const begun = performance.now()
      const { decision, answer, unjudged } = await decided(request, signal)
      const seconds = (performance.now() - begun) / 1000
      metrics.reviewed(decision, seconds)
      const event = events[decision] ?? (unjudged ? 'passed unjudged' : undefined)
      if (event !== undefined)
        log(event, {
          uid: request.uid,
          operation: request.operation,
          kind: request.kind.kind,
          namespace: request.namespace,
          name: request.name,
          user: request.user,
          images: answer.response.auditAnnotations?.['images'],
          seconds: Math.round(seconds * 1000) / 1000,
        })
      return { decision, answer }
    },
  }
}

/** What somebody wants to read about afterwards. */
const events: Readonly<Partial<Record<Decision, string>>> = {
  denied: 'denied',
  'would-deny': 'would have been denied',
}
