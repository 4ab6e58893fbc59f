import type { Answer } from './exchange.ts'
import type { OperationFacts } from './operation.ts'
import { type ApiError, type Failure, type Result, unanswered } from './result.ts'

/** An answer as the operation declares it, or as the failure that its status says it is. */
export function readAnswer(answer: Answer | Failure, expected: OperationFacts['answer']): Result<unknown> {
  if (!answer.ok) return answer
  const { status, headers, bytes } = answer
  if (status < 200 || status > 299) return refusal(answer)
  if (expected === 'bytes') return { ok: true, status, headers, body: bytes }
  if (expected === 'nothing' || bytes.length === 0) return { ok: true, status, headers, body: undefined }
  const text = new TextDecoder().decode(bytes)
  try {
    return { ok: true, status, headers, body: JSON.parse(text) }
  } catch (error) {
    return { ...unanswered('unreadable', 'the answer is no JSON', error), status, headers, body: text }
  }
}

function refusal({ status, headers, bytes }: Answer): Failure {
  const text = new TextDecoder().decode(bytes)
  const body = parsed(text)
  const errors = errorsOf(body)
  const place = headers.get('location')
  const message =
    errors.map((error) => error.message).join('; ') ||
    (status >= 300 && status < 400
      ? `the answer leads elsewhere${place ? `: ${place}` : ''}`
      : `the answer has status ${status}`)
  return { ok: false, reason: 'refused', message, status, headers, body: body ?? text, errors }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function errorsOf(body: unknown): readonly ApiError[] {
  const { errors } = (body ?? {}) as { errors?: unknown }
  if (!Array.isArray(errors)) return []
  return errors.filter((each): each is ApiError => typeof (each as ApiError | null)?.message === 'string')
}
