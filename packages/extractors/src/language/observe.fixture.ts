import { RetainedBytes } from '../chunks.ts'
import { ExtractFault, type Extractor, type LayerFile, type PackageObservation } from '../extractor.ts'

export interface Observed {
  readonly packages: readonly PackageObservation[]
  /** `namespace/name version`, in the order yielded. */
  readonly names: readonly string[]
  /** Codes of problems yielded, and of the fault that ended it. */
  readonly problems: readonly string[]
}

export function layerFile(path: string, content: Buffer | string): LayerFile {
  const bytes = RetainedBytes.of(content)
  return { path, size: bytes.size, mode: 0o644, bytes }
}

/** Everything an extractor yields for one file, for tests. Anything thrown but an ExtractFault is a bug and is thrown on. */
export function observe(extractor: Extractor, path: string, content: Buffer | string): Observed {
  const packages: PackageObservation[] = []
  const problems: string[] = []
  try {
    for (const observation of extractor.extract(layerFile(path, content))) {
      if (observation.kind === 'package') packages.push(observation)
      else if (observation.kind === 'problem') problems.push(observation.code)
    }
  } catch (fault) {
    if (!(fault instanceof ExtractFault)) throw fault
    problems.push(fault.code)
  }
  return { packages, problems, names: packages.map(nameOf) }
}

function nameOf(found: PackageObservation): string {
  return `${found.namespace ? `${found.namespace}/` : ''}${found.name} ${found.version}`
}
