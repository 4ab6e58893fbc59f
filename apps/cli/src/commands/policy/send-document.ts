import type { ApplyPolicyDocumentInput, LannerClient, PolicyDocumentResult } from '@lanner/sdk'
import type { Terminal } from '../../command.ts'
import { failureText } from '../../connection.ts'
import { printable } from '../../output/text.ts'
import type { PolicyFile } from '../../policy-file.ts'

/** Sends a document; undefined when the server refused, which was told with the place in the file. */
export async function sendDocument(
  client: LannerClient,
  file: PolicyFile,
  body: Omit<ApplyPolicyDocumentInput['body'], 'document'>,
  { terminal, signal }: { readonly terminal: Terminal; readonly signal: AbortSignal },
): Promise<PolicyDocumentResult | undefined> {
  const { document } = file
  const result = await client.command('ApplyPolicyDocument', { body: { document, ...body }, signal })
  signal.throwIfAborted()
  const answer = result.ok ? result.body.resources[0] : undefined
  if (answer) return answer
  const why = result.ok
    ? 'the server answered without a result'
    : result.status === 400
      ? file.located(result.message)
      : failureText('nothing was applied', result)
  terminal.err.write(`lanner: ${printable(why)}\n`)
  return undefined
}
