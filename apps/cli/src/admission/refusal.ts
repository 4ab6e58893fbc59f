import { AdmissionFault } from '@lanner/admission'

/** Why a request gets no review, as HTTP says it. */
export class Refusal extends Error {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

/** What an error is over HTTP; a mistake of ours says nothing of itself. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof AdmissionFault) return new Refusal(400, error.message)
  return new Refusal(500, 'the review failed; the log of the webhook says why')
}
