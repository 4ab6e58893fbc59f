/**
 * The base of every expected failure: a closed `code`, a message that says what was attempted, on what and what to do,
 * and whether trying again may help. Expected outcomes (an unknown version, an image that cannot be assessed) are values,
 * not faults.
 */
export class Fault<Code extends string = string> extends Error {
  readonly code: Code
  readonly retryable: boolean

  constructor(code: Code, message: string, options: { cause?: unknown; retryable?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = code
    this.retryable = options.retryable ?? false
  }
}
