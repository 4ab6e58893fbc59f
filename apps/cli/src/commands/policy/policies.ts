import type { LannerClient, Policy } from '@lanner/sdk'
import type { Terminal } from '../../command.ts'
import { failureText } from '../../connection.ts'
import { printable } from '../../output/text.ts'

/** All policies in their order; undefined when the server refused, which was told. */
export async function policiesOf(
  client: LannerClient,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<readonly Policy[] | undefined> {
  const result = await client.command('ReadPolicies', { signal })
  signal.throwIfAborted()
  if (result.ok) return result.body.resources
  terminal.err.write(`lanner: ${printable(failureText('the policies cannot be read', result))}\n`)
  return undefined
}
