/** What one look found. `skipped`: it could not be looked at, for a reason that another check tells. */
export interface Check {
  readonly name: string
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped'
  readonly message: string
  /** What to do. */
  readonly advice?: string
}

export function ok(name: string, message: string): Check {
  return { name, state: 'ok', message }
}

export function warning(name: string, message: string, advice: string): Check {
  return { name, state: 'warning', message, advice }
}

export function failed(name: string, message: string, advice: string): Check {
  return { name, state: 'failed', message, advice }
}

export function skipped(name: string, message: string): Check {
  return { name, state: 'skipped', message }
}

/** What was thrown, in words. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
