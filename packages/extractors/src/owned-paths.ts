import { NameList } from './inventory.ts'
import type { WantedPaths } from './wants.ts'

/** Which operating-system package owns which file, as far as it matters to what is found in a layer. */
export class OwnedPaths {
  readonly #wanted: WantedPaths
  /** Whether any file may turn out to be evidence, not only those that are wanted by name. */
  readonly #executables: boolean
  readonly #owned = new Map<string, string>()
  /** All others: `/` and an owner, then its paths. */
  readonly #others = new NameList()

  constructor(wanted: WantedPaths, executables: boolean) {
    this.#wanted = wanted
    this.#executables = executables
  }

  /** Keeps the owned paths that matter by name; the rest stay as text until it is known which files were evidence. */
  add(owner: string, paths: Iterable<string>): void {
    let named = false
    for (const raw of paths) {
      const path = withoutRoot(raw)
      if (path === '') continue
      const merged = underUsr(path)
      if (merged !== undefined && !this.#owned.has(merged) && this.#wanted.of(merged).length > 0)
        this.#owned.set(merged, owner)
      if (this.#wanted.of(path).length > 0) {
        this.#owned.set(path, owner)
        continue
      }
      if (!this.#executables) continue
      // No path begins with a slash any more.
      if (!named) this.#others.add(`/${owner}`)
      named = true
      this.#others.add(path)
    }
  }

  /** The owner of each path that some extractor wants and of each path of `evidence`, as far as they have one. */
  of(evidence: Iterable<string>): Readonly<Record<string, string>> {
    this.#resolve(new Set([...evidence].filter((path) => !this.#owned.has(path))))
    return Object.fromEntries(this.#owned)
  }

  #resolve(open: ReadonlySet<string>): void {
    if (open.size === 0) return
    const owners = new Map<string, string>()
    let owner = ''
    for (const name of this.#others) {
      if (name.charCodeAt(0) === 47) {
        owner = name.slice(1)
        continue
      }
      if (open.has(name)) {
        this.#owned.set(name, owner)
        continue
      }
      const merged = underUsr(name)
      if (merged !== undefined && open.has(merged)) owners.set(merged, owner)
    }
    for (const [path, name] of owners) if (!this.#owned.has(path)) this.#owned.set(path, name)
  }
}

/** Without leading slashes, and without leading parts that are a dot. */
function withoutRoot(path: string): string {
  const first = path.charCodeAt(0)
  if (first !== 0x2f && first !== 0x2e) return path
  const second = path.charCodeAt(1)
  if (first === 0x2f && second !== 0x2f && second !== 0x2e) return path.slice(1)
  return path.replace(/^(?:\.?\/)+/, '')
}

const mergedFolders = /^(?:s?bin|lib(?:32|64|x32)?)\//

/**
 * Where `/bin` and `/lib` are links into `/usr`, packages still list files by the old names, which no other package may
 * then have under `/usr`. https://www.debian.org/doc/debian-policy/ch-opersys.html#file-system-structure
 */
function underUsr(path: string): string | undefined {
  // Nearly all lie under `/usr` or `/var`.
  const first = path.charCodeAt(0)
  if (first === 0x75 || first === 0x76) return undefined
  return mergedFolders.test(path) ? `usr/${path}` : undefined
}
