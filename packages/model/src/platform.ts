/** What an image runs on. https://github.com/opencontainers/image-spec/blob/main/image-index.md (platform) */
export interface Platform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
  readonly osVersion?: string
}

const spellings: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'amd64'],
  ['x86-64', 'amd64'],
  ['aarch64', 'arm64'],
  ['i386', '386'],
  ['i686', '386'],
  ['armhf', 'arm'],
  ['armel', 'arm'],
])

/** The variant that an architecture without one has. */
const variants: ReadonlyMap<string, string> = new Map([
  ['arm64', 'v8'],
  ['amd64', 'v1'],
  ['arm', 'v7'],
])

/** `linux/arm64/v8` and the like; the variant is left out where there is none. */
export function formatPlatform(platform: Platform): string {
  return [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/')
}

/** Reads `os/architecture[/variant]`; a lone architecture means linux. Undefined when the text has no such shape. */
export function parsePlatform(text: string): Platform | undefined {
  const parts = text.trim().toLowerCase().split('/')
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9._-]+$/.test(part))) return undefined
  if (parts.length === 1) return { os: 'linux', architecture: spellings.get(parts[0]) ?? parts[0] }
  const [os, architecture, variant] = parts
  return { os, architecture: spellings.get(architecture) ?? architecture, ...(variant ? { variant } : {}) }
}

/** Whether `actual` satisfies what was asked for; arm64 and arm64/v8 are the same machine. */
export function platformMatches(wanted: Platform, actual: Platform): boolean {
  if (wanted.os !== actual.os || wanted.architecture !== actual.architecture) return false
  if (wanted.variant === undefined) return true
  return wanted.variant === (actual.variant ?? variants.get(actual.architecture))
}
