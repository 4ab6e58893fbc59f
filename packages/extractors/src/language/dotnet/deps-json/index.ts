import { defineExtractor, MiB } from '../../../extractor.ts'
import { isJsonObject, type JsonObject, readJsonObject, textMember } from '../../json-document.ts'

const runtimePack = 'runtimepack.'

/**
 * What a .NET application or shared framework was published with.
 * https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md
 *
 * - Libraries of type `package` are NuGet packages: `declared` when a target lists a file of theirs, else `inferred` (a
 *   package that only brings others, or that the runtime's own files replaced).
 * - `runtimepack` entries are the NuGet packages that a self-contained application took its runtime from; the prefix goes.
 * - Projects and reference assemblies are no NuGet packages, whatever they are called, and are left out.
 */
export const dotnetDepsJson = defineExtractor({
  id: 'language/dotnet/deps-json',
  revision: 1,
  finds: 'NuGet packages of .NET applications and frameworks',
  wants: { paths: ['**/*.deps.json'] },
  maxBytes: 32 * MiB,
  *extract(file) {
    const document = readJsonObject(file)
    const libraries = document['libraries']
    if (!isJsonObject(libraries)) return
    const deployed = deployedLibraries(document)
    for (const [key, library] of Object.entries(libraries)) {
      if (!isJsonObject(library)) continue
      const type = textMember(library, 'type')
      if (type !== 'package' && type !== 'runtimepack') continue
      const slash = key.lastIndexOf('/')
      const label = key.slice(0, slash)
      const name =
        type === 'runtimepack' && label.startsWith(runtimePack) ? label.slice(runtimePack.length) : label
      const version = key.slice(slash + 1)
      if (slash <= 0 || !nameShape.test(name) || !versionShape.test(version)) continue
      yield {
        kind: 'package',
        type: 'nuget',
        name,
        version,
        confidence: deployed === undefined || deployed.has(key) ? 'declared' : 'inferred',
      }
    }
  },
})

const nameShape = /^[\w.-]{1,128}$/
const versionShape = /^\d[\w.+-]{0,127}$/

/** Keys of the libraries of which some target lists files; undefined without targets. */
function deployedLibraries(document: JsonObject): Set<string> | undefined {
  const targets = document['targets']
  if (!isJsonObject(targets)) return undefined
  const deployed = new Set<string>()
  for (const target of Object.values(targets)) {
    if (!isJsonObject(target)) continue
    for (const [key, library] of Object.entries(target)) {
      if (!isJsonObject(library)) continue
      const assets = ['runtime', 'runtimeTargets', 'native', 'resources'].map((kind) => library[kind])
      if (assets.some((asset) => isJsonObject(asset) && Object.keys(asset).length > 0)) deployed.add(key)
    }
  }
  return deployed
}
