import { formatImageName, type ImageName, readImageName } from './image-name.ts'
import { admissionLimits } from './limits.ts'
import { imagesOfObject } from './object-images.ts'
import { type AdmissionRequest, isRecord } from './review.ts'
import { ephemeralContainers, type Workload, workloadOf } from './workload.ts'

/** What is asked about, and about what nothing is. */
export interface QuestionOptions {
  readonly exemptNamespaces: ReadonlySet<string>
  /** Judges images that an update leaves as they are too. */
  readonly judgeUnchanged: boolean
  /** Lets through what the cluster's own controllers make of templates that were judged themselves. */
  readonly trustControllers: boolean
}

/** One image of an object, asked about once. */
export interface AskedImage {
  /** As the object writes it. */
  readonly text: string
  /** `container "app"`, one for each place that names it. */
  readonly places: readonly string[]
  /** Absent where the text names no image. */
  readonly name?: ImageName
  /** Why it does not. */
  readonly problem?: string
}

/** What has to be known before a request can be answered. */
export type Question =
  | { readonly kind: 'pass'; readonly because: string }
  | { readonly kind: 'unreadable'; readonly problem: string }
  | { readonly kind: 'images'; readonly images: readonly AskedImage[] }

/** The controllers of kube-controller-manager that make objects of templates. */
const controllers: ReadonlySet<string> = new Set([
  // All of them, where they have no accounts of their own.
  'system:kube-controller-manager',
  ...['replicaset', 'replication', 'deployment', 'statefulset', 'daemon-set', 'job', 'cronjob'].map(
    (name) => `system:serviceaccount:kube-system:${name}-controller`,
  ),
])

/** Which images of a request have to be judged. */
export function questionOf(request: AdmissionRequest, options: QuestionOptions): Question {
  const { operation, kind, subResource, namespace, user } = request
  if (operation !== 'CREATE' && operation !== 'UPDATE')
    return { kind: 'pass', because: `${operation} brings no image` }
  if (options.exemptNamespaces.has(namespace))
    return { kind: 'pass', because: `the namespace ${namespace} is exempt` }
  const workload = workloadOf(kind)
  if (!workload) return { kind: 'pass', because: `a ${kind.kind} runs no containers that are known` }
  if (subResource !== '' && subResource !== ephemeralContainers)
    return { kind: 'pass', because: `${subResource} brings no image` }
  if (options.trustControllers && operation === 'CREATE' && controllers.has(user))
    return { kind: 'pass', because: `${user} makes it of a template` }
  return imagesOfRequest(request, workload, options)
}

function imagesOfRequest(
  { operation, kind, object, oldObject }: AdmissionRequest,
  workload: Workload,
  { judgeUnchanged }: QuestionOptions,
): Question {
  const uses = imagesOfObject(workload, object)
  if (!uses) return { kind: 'unreadable', problem: `the object does not have the shape of a ${kind.kind}` }
  // What is being deleted starts nothing any more, and a finalizer must be able to leave it.
  const unchanged =
    operation === 'UPDATE' && (!judgeUnchanged || isEnding(object))
      ? new Set(imagesOfObject(workload, oldObject)?.map(({ text }) => keyOf(text)))
      : new Set<string>()
  const asked = new Map<string, { text: string; places: string[]; name?: ImageName; problem?: string }>()
  for (const { text, place } of uses) {
    const key = keyOf(text)
    if (unchanged.has(key)) continue
    const known = asked.get(key)
    if (known) {
      known.places.push(place)
      continue
    }
    const read = readImageName(text)
    asked.set(key, {
      text,
      places: [place],
      ...('problem' in read ? { problem: read.problem } : { name: read }),
    })
  }
  if (asked.size > admissionLimits.images)
    return {
      kind: 'unreadable',
      problem: `the object names ${asked.size} images; at most ${admissionLimits.images} are judged`,
    }
  if (asked.size > 0) return { kind: 'images', images: [...asked.values()] }
  return { kind: 'pass', because: uses.length === 0 ? 'it names no image' : 'its images are as they were' }
}

/** Two texts with the same key name the same image. */
function keyOf(text: string): string {
  const read = readImageName(text)
  return 'problem' in read ? `malformed ${text}` : formatImageName(read)
}

function isEnding(object: unknown): boolean {
  const metadata = isRecord(object) ? object['metadata'] : undefined
  return isRecord(metadata) && typeof metadata['deletionTimestamp'] === 'string'
}
