import { isRecord } from './review.ts'
import type { Workload } from './workload.ts'

/** An image of an object, as the object writes it. */
export interface ImageUse {
  /** '' where it is left out. */
  readonly text: string
  /** `container "app"`, `init container "migrate"`, `volume "models"`. */
  readonly place: string
}

const lists = [
  ['containers', 'container'],
  ['initContainers', 'init container'],
  ['ephemeralContainers', 'ephemeral container'],
] as const

/**
 * Every image that an object would run or mount, in its order; undefined where the object does not have the shape of its kind.
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodSpec
 */
export function imagesOfObject(
  { podSpec }: Pick<Workload, 'podSpec'>,
  object: unknown,
): readonly ImageUse[] | undefined {
  let spec = object
  for (const member of podSpec) {
    if (!isRecord(spec)) return undefined
    spec = spec[member]
  }
  // A PodTemplate may be empty.
  if (spec === undefined && podSpec[0] === 'template') return []
  if (!isRecord(spec)) return undefined
  const images: ImageUse[] = []
  for (const [member, what] of lists) {
    const list = spec[member] ?? []
    if (!Array.isArray(list)) return undefined
    for (const container of list as readonly unknown[]) {
      const text = isRecord(container) ? (container['image'] ?? '') : undefined
      if (!isRecord(container) || typeof text !== 'string') return undefined
      images.push({ text, place: `${what} ${named(container)}` })
    }
  }
  const volumes = spec['volumes'] ?? []
  if (!Array.isArray(volumes)) return undefined
  for (const volume of volumes as readonly unknown[]) {
    if (!isRecord(volume)) return undefined
    const source = volume['image']
    if (source === undefined || source === null) continue
    const text = isRecord(source) ? (source['reference'] ?? '') : undefined
    if (typeof text !== 'string') return undefined
    images.push({ text, place: `volume ${named(volume)}` })
  }
  return images
}

function named({ name }: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(typeof name === 'string' ? name.slice(0, 63) : '')
}
