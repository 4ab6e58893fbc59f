/**
 * A content digest as the OCI image specification writes it: `algorithm:hex` with sha256 (64 hex) or sha512 (128 hex),
 * lower case. https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests
 */
export type Digest = string & { readonly __digest: unique symbol }

/** The algorithms that the OCI specification registers: https://github.com/opencontainers/image-spec/blob/main/descriptor.md#registered-algorithms */
export type DigestAlgorithm = 'sha256' | 'sha512'

const shape = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/

/** Whether a value is a digest: lower-case hex of the length that its algorithm gives. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && shape.test(text)
}

/** The digest, or undefined when the text has no such shape. */
export function parseDigest(text: unknown): Digest | undefined {
  return isDigest(text) ? text : undefined
}

/** What stands before the colon. */
export function digestAlgorithm(digest: Digest): DigestAlgorithm {
  return digest.startsWith('sha256:') ? 'sha256' : 'sha512'
}

/** The first twelve hex characters, as people quote digests. */
export function shortDigest(digest: string): string {
  const hex = digest.slice(digest.indexOf(':') + 1)
  return hex.slice(0, 12)
}
