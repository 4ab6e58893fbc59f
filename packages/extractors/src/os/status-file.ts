import { ExtractFault, type LayerFile, type Observation } from '../extractor.ts'
import { deb822Stanzas, type Stanza } from '../formats/deb822.ts'
import { isDeclaredWord, observeCutOff, Unread } from './declared.ts'

/** What a package manager with a status file of dpkg's kind writes into it. */
export interface StatusRules {
  /** For messages: `dpkg`. */
  readonly tool: string
  /** The fields that are looked at, in lower case; `package`, `status` and `version` among them. */
  readonly fields: ReadonlySet<string>
  /** States in which a package's files are in place. */
  readonly present: ReadonlySet<string>
  observe(name: string, version: string, stanza: Stanza): Observation
}

/** States in which some of its files may be in place although it does not count as installed. */
const partly: ReadonlySet<string> = new Set(['unpacked', 'half-installed'])

/**
 * The packages that a status file says are installed; then what it holds that could not be read or decided. Throws
 * ExtractFault `malformed` where no stanza names a package.
 */
export function* installedPackages(file: LayerFile, rules: StatusRules): Generator<Observation> {
  const unread = new Unread('malformed')
  const undecided = new Unread('unsupported')
  let stanzas = 0
  let named = 0
  const text = file.bytes.text()
  for (const stanza of deb822Stanzas(text, rules.fields)) {
    stanzas++
    const name = stanza.get('package')
    if (!name) {
      unread.add(`a stanza of ${file.path} names no package`)
      continue
    }
    named++
    const state = stateOf(stanza)
    if (partly.has(state)) {
      undecided.add(
        `${name} is ${state} in ${file.path}: its files may be there although it is not installed`,
      )
    }
    if (!rules.present.has(state)) continue
    const version = stanza.get('version')
    if (!isDeclaredWord(name) || !isDeclaredWord(version)) {
      unread.add(`the stanza of ${name} in ${file.path} has no readable name and version`)
      continue
    }
    yield rules.observe(name, version, stanza)
  }
  if (stanzas > 0 && named === 0)
    throw new ExtractFault('malformed', `${file.path} holds no ${rules.tool} stanza`)
  yield* unread.observations()
  yield* undecided.observations()
  // A stanza in a file of its own is put there by hand or by build rules, with or without an end of line.
  if (file.path.endsWith('/status')) yield* observeCutOff(file, text)
}

/** The third word of `Status: want flag status`; stanzas of distroless images and control files have none and are there. */
function stateOf(stanza: Stanza): string {
  const status = stanza.get('status')
  if (status === undefined) return 'installed'
  return status.split(/\s+/, 3)[2] ?? status
}
