import type { CommandCall } from '../../command.ts'
import { UsageError } from '../../exit.ts'

/** The one file that a command is given. Throws UsageError. */
export function oneFile({ positionals }: Pick<CommandCall, 'positionals'>, command: string): string {
  const [path, ...rest] = positionals
  if (path === undefined || path === '')
    throw new UsageError(`${command} needs a file with policies, or - for standard input`, command)
  if (rest.length > 0)
    throw new UsageError(`${command} takes one file: ${rest.join(' ')} is too much`, command)
  return path
}
