/** What a token must allow, https://distribution.github.io/distribution/spec/auth/scope/. */
export function pullScope(repository: string): string {
  return `repository:${repository}:pull`
}

export const catalogScope = 'registry:catalog:*'
