import { inflateSync } from 'node:zlib'
import type { Bytes } from '../bytes.ts'
import { ExtractFault } from '../extractor.ts'
import type { Executable } from './executable.ts'

export const rustAuditSection = '.dep-v0'
/** What it was called before 2021, when the format was already the same, in ELF, PE and Mach-O. */
const earlierSections = ['.rust-deps-v0', 'rdep-v0', 'rust-deps-v0']
/** The format's own advice on both limits is 8 MiB of JSON. */
const inflatedLimit = 8 * 1024 * 1024
const crateLimit = 50_000

export interface RustCrate {
  readonly name: string
  readonly version: string
  /** `crates.io`, `registry` (another one; before 2022 also crates.io), `git`, `local`, or a word to come. */
  readonly source: string
  readonly kind: 'runtime' | 'build'
  /** The package that the program was built from. */
  readonly root: boolean
}

/**
 * The crates that `cargo auditable` recorded in a program: undefined when it recorded none. Throws `malformed`,
 * `truncated` or `limit-exceeded` when the record cannot be read, `not-retained` when it lies in bytes that were let go.
 * https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md
 */
export function readRustAudit(bytes: Bytes, executable: Executable): readonly RustCrate[] | undefined {
  let section = executable.section(rustAuditSection)
  for (const name of earlierSections) section ??= executable.section(name)
  if (section === undefined || section.size === 0) return undefined
  if (section.size > inflatedLimit) {
    throw new ExtractFault(
      'limit-exceeded',
      `Rust audit data: ${section.size} bytes are over ${inflatedLimit}`,
    )
  }
  if (section.offset + section.size > bytes.size) {
    throw new ExtractFault(
      'truncated',
      `Rust audit data: ${section.size} bytes at ${section.offset} reach beyond the end of the file`,
    )
  }
  return parseRustAudit(inflate(bytes.slice(section.offset, section.offset + section.size)))
}

function inflate(compressed: Buffer): string {
  try {
    return inflateSync(compressed, { maxOutputLength: inflatedLimit }).toString('utf8')
  } catch (cause) {
    const tooLarge = (cause as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE'
    throw tooLarge
      ? new ExtractFault('limit-exceeded', `Rust audit data inflates to more than ${inflatedLimit} bytes`, {
          cause,
        })
      : new ExtractFault('malformed', `Rust audit data is not zlib: ${(cause as Error).message}`, { cause })
  }
}

/** Reads the JSON of any known format revision; they differ in how build dependencies were told apart, not in shape. */
export function parseRustAudit(text: string): readonly RustCrate[] {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (cause) {
    throw new ExtractFault('malformed', `Rust audit data is not JSON: ${(cause as Error).message}`, { cause })
  }
  const packages = isRecord(document) ? document['packages'] : undefined
  if (!Array.isArray(packages)) throw new ExtractFault('malformed', 'Rust audit data has no list of packages')
  if (packages.length > crateLimit) {
    throw new ExtractFault(
      'limit-exceeded',
      `Rust audit data lists ${packages.length} crates, over ${crateLimit}`,
    )
  }
  return packages.map(readCrate)
}

function readCrate(entry: unknown, index: number): RustCrate {
  if (!isRecord(entry) || !isText(entry['name']) || !isText(entry['version'])) {
    throw new ExtractFault('malformed', `Rust audit data: crate ${index} has no name or no version`)
  }
  return {
    name: entry['name'],
    version: entry['version'],
    source: isText(entry['source']) ? entry['source'] : 'unknown',
    kind: entry['kind'] === 'build' ? 'build' : 'runtime',
    root: entry['root'] === true,
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
