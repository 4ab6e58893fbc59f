import { admissionLimits, type ImageAnswer, type ImageName } from '@lanner/admission'
import type { Failure, LannerClient } from '@lanner/sdk'
import { imageVerdict, isVerdict } from './image-verdict.ts'

/** Asks the platform about images. */
export interface VerdictSource {
  /** Never rejects. */
  ask(name: ImageName, signal: AbortSignal): Promise<ImageAnswer>
}

/** Asks by GetVerdict. `registry` of a name is the platform's; '' are images that were pushed to it. */
export function platformVerdicts(
  client: LannerClient,
  options: { readonly architecture?: string } = {},
): VerdictSource {
  return {
    async ask({ registry, repository, tag, digest }, signal) {
      const result = await client.command('GetVerdict', {
        signal,
        parameters: {
          repository,
          ...(digest === undefined ? { tag } : { digest }),
          ...(registry === '' ? { pushed: true } : { registry }),
          ...options,
          limit: admissionLimits.findings,
        },
      })
      if (!result.ok) return failed(result)
      const verdict: unknown = result.body?.resources?.[0]
      if (!isVerdict(verdict)) return unanswered('the answer of the platform is no verdict')
      const { image } = verdict
      // A verdict about another image must not open the door to this one.
      const other =
        image !== null &&
        ((image.registry ?? '') !== registry ||
          image.repository !== repository ||
          (digest !== undefined && digest !== image.image_digest && digest !== image.index_digest))
      if (other) return unanswered('the platform answered about another image')
      return { kind: 'verdict', verdict: imageVerdict(verdict) }
    },
  }
}

function failed({ reason, status, message }: Failure): ImageAnswer {
  if (reason === 'unauthorized')
    return unanswered(`the platform does not take the credentials of this webhook: ${message}`)
  if (status === 400) return { kind: 'refused', problem: message }
  if (status === 403)
    return unanswered(`the client of this webhook needs the scope lanner-verdicts:read: ${message}`)
  if (reason === 'refused')
    return unanswered(`the platform refuses the question: ${message} (status ${status})`)
  return unanswered(`the platform cannot be asked: ${message}`)
}

function unanswered(problem: string): ImageAnswer {
  return { kind: 'unanswered', problem }
}
