import type { Distribution, PackageFacts } from '@lanner/model'
import { extractionLimits, textLength } from './extraction-limits.ts'
import { ExtractFault, type Extractor, type LayerFile, type Observation } from './extractor.ts'
import type { Evidence, EvidenceProblem, LicensedPackage } from './inventory.ts'
import type { OwnedPaths } from './owned-paths.ts'
import type { ReadingNeeds } from './reading-needs.ts'

/** Runs extractors over the files of one layer, within the bounds on what a layer may yield. */
export class EvidenceReader {
  readonly #owned: OwnedPaths
  readonly #needs: ReadingNeeds
  #packages = 0
  #text = 0

  /** `owned` takes what files say of ownership, `needs` what was asked for and not retained. */
  constructor(owned: OwnedPaths, needs: ReadingNeeds) {
    this.#owned = owned
    this.#needs = needs
  }

  /** What the extractor finds in the file, whose content lies at `entry`; undefined where that is nothing. */
  read(extractor: Extractor, file: LayerFile, entry: string): Evidence | undefined {
    const packages: PackageFacts[] = []
    const problems: EvidenceProblem[] = []
    const cpes: string[] = []
    let distribution: Omit<Distribution, 'path'> | undefined
    let licensed: LicensedPackage | undefined
    const take = (observation: Observation): void => {
      switch (observation.kind) {
        case 'package': {
          if (++this.#packages > extractionLimits.maxPackages) {
            throw new ExtractFault(
              'limit-exceeded',
              `a layer with more than ${extractionLimits.maxPackages} packages`,
            )
          }
          const { kind: _, ...facts } = observation
          const length = textLength(facts)
          if (length === Number.POSITIVE_INFINITY) {
            const message = `a package with a name, version or other text of over ${extractionLimits.maxText} characters`
            problems.push(problemOf('malformed', file.path, message))
            break
          }
          this.#text += length
          if (this.#text > extractionLimits.maxLayerText) {
            throw new ExtractFault('limit-exceeded', 'what a layer says of its packages takes too much room')
          }
          packages.push(facts)
          break
        }
        case 'ownership':
          this.#owned.add(observation.owner, observation.paths)
          break
        case 'licenses':
          licensed = { name: observation.owner, licenses: observation.licenses }
          break
        case 'distribution':
          distribution = observation.distribution
          break
        case 'repositories':
          for (const cpe of observation.cpes) cpes.push(cpe)
          break
        case 'problem':
          problems.push(
            problemOf(
              observation.code,
              observation.inner ? `${file.path}!${observation.inner}` : file.path,
              observation.message,
            ),
          )
          break
      }
    }
    try {
      for (const observation of extractor.extract(file)) take(observation)
    } catch (error) {
      const { code, missing } = error instanceof ExtractFault ? error : { code: 'malformed' as const }
      if (missing && !file.bytes.complete) this.#needs.addRange(entry, missing)
      problems.push(problemOf(code, file.path, error instanceof Error ? error.message : String(error)))
    }
    if (packages.length + problems.length + cpes.length === 0 && !distribution && !licensed) return undefined
    return {
      path: file.path,
      extractor: extractor.id,
      packages,
      ...(distribution ? { distribution } : {}),
      ...(cpes.length > 0 ? { cpes } : {}),
      ...(licensed ? { licensed } : {}),
      ...(problems.length > 0 ? { problems } : {}),
    }
  }
}

function problemOf(code: ExtractFault['code'], path: string, message: string): EvidenceProblem {
  return { code: code === 'limit-exceeded' ? code : 'unreadable-evidence', message: `${path}: ${message}` }
}
