import { printable } from './output/text.ts'

/**
 * What is told of an error that ends a command. A fault explains itself; anything else is a mistake of ours, and its trace
 * is what a bug report needs.
 */
export function failureText(error: unknown): string {
  const known = error instanceof Error && ('retryable' in error || 'syscall' in error)
  if (!known)
    return `unexpected error, please report it: ${error instanceof Error ? error.stack : String(error)}`
  // What registries and files say is quoted in messages, and is nothing that a terminal should act on.
  return [...error.message.split('\n').map(printable), ...signInHint(error)].join('\n')
}

/** A registry that wants to know who asks is answered in one of two ways. */
function signInHint(error: Error): string[] {
  if (!('registry' in error) || !('code' in error) || error.code !== 'unauthorized') return []
  const registry = printable(String(error.registry))
  return [`Sign in with \`docker login ${registry}\`, or give --username and --password-stdin.`]
}
