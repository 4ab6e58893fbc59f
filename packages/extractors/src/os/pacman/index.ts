import { defineExtractor, ExtractFault, type LayerFile, MiB, type Observation } from '../../extractor.ts'
import { lines } from '../../formats/lines.ts'
import { isDeclaredWord } from '../declared.ts'

const wanted: ReadonlySet<string> = new Set(['NAME', 'VERSION', 'BASE', 'ARCH', 'PACKAGER', 'LICENSE'])
const valueLimit = 1000
const lengthLimit = 4096

/**
 * pacman's local database: a folder `name-version-release` for each package, holding `desc` and `files`, both made of
 * sections `%TITLE%` with a value a line up to a blank line.
 * https://gitlab.archlinux.org/pacman/pacman/-/blob/master/lib/libalpm/be_local.c
 */
export const pacman = defineExtractor({
  id: 'os/pacman',
  revision: 1,
  finds: 'packages installed by pacman (Arch Linux and kin)',
  wants: { paths: ['var/lib/pacman/local/*/desc', 'var/lib/pacman/local/*/files'] },
  maxBytes: 64 * MiB,
  *extract(file: LayerFile): Generator<Observation> {
    const text = file.bytes.text()
    if (file.path.endsWith('/files')) {
      const owner = packageOfFolder(file.path)
      if (owner === undefined)
        throw new ExtractFault('malformed', `the folder of ${file.path} is no name-version-release`)
      yield { kind: 'ownership', owner, paths: { [Symbol.iterator]: () => ownedPaths(text) } }
      return
    }
    const sections = readSections(text)
    const name = sections.get('NAME')?.[0]
    const version = sections.get('VERSION')?.[0]
    if (!isDeclaredWord(name) || !isDeclaredWord(version)) {
      throw new ExtractFault('malformed', `${file.path} has no %NAME% and %VERSION%`)
    }
    const arch = sections.get('ARCH')?.[0]
    const base = sections.get('BASE')?.[0]
    const packager = sections.get('PACKAGER')?.[0]
    const licenses = sections.get('LICENSE')
    yield {
      kind: 'package',
      type: 'alpm',
      name,
      version,
      ...(arch ? { arch } : {}),
      ...(base ? { source: { name: base } } : {}),
      ...(licenses?.length ? { licenses } : {}),
      ...(packager ? { vendor: packager } : {}),
      confidence: 'declared',
    }
  },
})

/** `…/tree-sitter-0.22.6-1/files` belongs to `tree-sitter`: version and release have no dash of their own. */
function packageOfFolder(path: string): string | undefined {
  const parts = (path.split('/').at(-2) ?? '').split('-')
  const name = parts.slice(0, -2).join('-')
  return name === '' ? undefined : name
}

function titleOf(line: string): string | undefined {
  return line.length > 2 && line.startsWith('%') && line.endsWith('%') ? line.slice(1, -1) : undefined
}

function readSections(text: string): Map<string, string[]> {
  const sections = new Map<string, string[]>()
  let values: string[] | undefined
  for (const line of lines(text)) {
    const title = titleOf(line)
    if (title !== undefined) {
      values = wanted.has(title) && !sections.has(title) ? [] : undefined
      if (values) sections.set(title, values)
    } else if (line === '') values = undefined
    else if (values && values.length < valueLimit) values.push(line.slice(0, lengthLimit))
  }
  return sections
}

function* ownedPaths(text: string): Generator<string> {
  let inFiles = false
  for (const line of lines(text)) {
    const title = titleOf(line)
    if (title !== undefined) inFiles = title === 'FILES'
    else if (line === '') inFiles = false
    else if (inFiles && !line.endsWith('/')) yield line
  }
}
