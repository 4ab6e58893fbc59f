import type { PackageFacts } from '@lanner/model'
import type { Bytes } from '../../bytes.ts'
import { defineExtractor, ExtractFault, MiB, type Observation } from '../../extractor.ts'
import type { Executable } from '../../formats/executable.ts'
import { goBuildInfoMagic, readGoBuildStrings } from '../../formats/go-buildinfo.ts'
import { type GoModule, type GoModules, parseGoModules } from '../../formats/go-buildinfo-modules.ts'
import { readExecutables } from '../executables.ts'
import { goProgramOf } from './go-programs.ts'
import { mainVersion } from './main-version.ts'

const upxMark = Buffer.from('UPX!', 'latin1')

/** Go writes into every program what it was built from. https://pkg.go.dev/debug/buildinfo */
export const go = defineExtractor({
  id: 'binary/go',
  revision: 2,
  finds:
    'modules, standard library and version of Go programs (build information in ELF, PE and Mach-O files)',
  wants: { executables: true, anchors: [goBuildInfoMagic] },
  maxBytes: 16 * MiB,
  *extract({ bytes }) {
    const seen = new Set<string>()
    for (const executable of readExecutables(bytes)) {
      const strings = readGoBuildStrings(bytes, executable)
      if (strings === undefined) {
        if (typeof executable.sections === 'object') throw executable.sections
        if (isPacked(bytes, executable)) {
          throw new ExtractFault(
            'unsupported',
            'the program is packed by UPX: what it was built from cannot be read',
          )
        }
        continue
      }
      // The programs of a universal file are the same one for several processors.
      const identity = `${strings.version}\n${strings.modules}`
      if (seen.has(identity)) continue
      seen.add(identity)
      yield* packagesOf(strings.version, parseGoModules(strings.modules))
    }
  },
})

/**
 * UPX leaves a program without a section list and its mark right behind the program headers (in PE, sections of its own).
 * Said here for every language, so that it is said once. https://github.com/upx/upx/blob/devel/src/stub/src/include/linux.h
 */
function isPacked(bytes: Bytes, executable: Executable): boolean {
  if (executable.section('UPX0') ?? executable.section('UPX1')) return true
  return executable.sections === 'absent' && bytes.indexOf(upxMark, 0, Math.min(1024, bytes.size)) >= 0
}

function* packagesOf(toolchain: string, modules: GoModules): Iterable<Observation> {
  const release = toolchainVersion(toolchain)
  yield observation({ name: 'stdlib' }, release)
  // The Go command itself is built without modules; its flaws are filed under this name.
  if (modules.path === 'cmd/go') yield observation({ name: 'toolchain' }, release)
  if (modules.main) yield* mainPackages(modules.main, modules)
  for (const dependency of modules.dependencies) yield moduleObservation(dependency)
}

function* mainPackages(main: GoModule, modules: GoModules): Iterable<Observation> {
  if (main.replacement) {
    yield moduleObservation(main)
    return
  }
  const version = mainVersion(main, modules.settings)
  const revision = modules.settings.get('vcs.revision')
  const qualifiers = version === develVersion && revision ? { vcs_revision: revision } : undefined
  yield observation(splitPath(main.path), version, qualifiers)
  const program = goProgramOf(main.path)
  if (program && /^v\d/.test(version)) {
    yield {
      kind: 'package',
      type: 'generic',
      name: program.name,
      version: version.slice(1),
      confidence: 'embedded',
    }
  }
}

const develVersion = '(devel)'

/** What was built is the replacement; in place of a folder the module keeps its name, and its version is not known. */
function moduleObservation(module: GoModule): Observation {
  const { replacement } = module
  if (replacement === undefined) return observation(splitPath(module.path), module.version || develVersion)
  const isFolder = /^(?:\.|\/|[A-Za-z]:[\\/])/.test(replacement.path)
  if (isFolder) return observation(splitPath(module.path), develVersion)
  return observation(splitPath(replacement.path), replacement.version || develVersion)
}

/** `go1.22.1 X:loopvar` is 1.22.1; a development snapshot keeps its name, which compares with nothing. */
function toolchainVersion(toolchain: string): string {
  const released = /^go(?<version>\d\S*)/.exec(toolchain)?.groups?.['version']
  return released ?? toolchain
}

function splitPath(path: string): Pick<PackageFacts, 'namespace' | 'name'> {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? { name: path } : { namespace: path.slice(0, slash), name: path.slice(slash + 1) }
}

function observation(
  identity: Pick<PackageFacts, 'namespace' | 'name'>,
  version: string,
  qualifiers?: Readonly<Record<string, string>>,
): Observation {
  return {
    kind: 'package',
    type: 'golang',
    ...identity,
    version,
    ...(qualifiers ? { qualifiers } : {}),
    confidence: 'embedded',
  }
}
