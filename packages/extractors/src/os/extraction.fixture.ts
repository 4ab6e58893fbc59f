import { RetainedBytes } from '../chunks.ts'
import {
  type DistributionObservation,
  ExtractFault,
  type Extractor,
  type PackageObservation,
  type ProblemObservation,
} from '../extractor.ts'

export interface Extraction {
  readonly packages: readonly Omit<PackageObservation, 'kind'>[]
  readonly owned: Readonly<Record<string, readonly string[]>>
  readonly licenses: Readonly<Record<string, readonly string[]>>
  readonly distributions: readonly DistributionObservation['distribution'][]
  readonly problems: readonly ProblemObservation[]
  /** Set when the extractor gave up. */
  readonly fault?: ExtractFault
}

/** Everything an extractor makes of one file, kept in chunks of `chunk` bytes; faults are values, other throws stay throws. */
export function extraction(
  extractor: Extractor,
  path: string,
  content: Buffer | string,
  chunk = Number.POSITIVE_INFINITY,
): Extraction {
  const buffer = typeof content === 'string' ? Buffer.from(content) : content
  const pieces: [number, Buffer][] = []
  for (let at = 0; at < buffer.length; at += chunk) pieces.push([at, buffer.subarray(at, at + chunk)])
  const file = { path, size: buffer.length, mode: 0o644, bytes: new RetainedBytes(buffer.length, pieces) }
  const packages: Omit<PackageObservation, 'kind'>[] = []
  const owned: Record<string, string[]> = Object.create(null)
  const licenses: Record<string, readonly string[]> = Object.create(null)
  const distributions: DistributionObservation['distribution'][] = []
  const problems: ProblemObservation[] = []
  let fault: ExtractFault | undefined
  try {
    for (const observation of extractor.extract(file)) {
      if (observation.kind === 'package') {
        const { kind: _, ...facts } = observation
        packages.push(facts)
      } else if (observation.kind === 'ownership') {
        owned[observation.owner] = [...(owned[observation.owner] ?? []), ...observation.paths]
      } else if (observation.kind === 'licenses') licenses[observation.owner] = observation.licenses
      else if (observation.kind === 'distribution') distributions.push(observation.distribution)
      else if (observation.kind === 'problem') problems.push(observation)
    }
  } catch (error) {
    if (!(error instanceof ExtractFault)) throw error
    fault = error
  }
  return {
    packages,
    owned: { ...owned },
    licenses: { ...licenses },
    distributions,
    problems,
    ...(fault ? { fault } : {}),
  }
}
