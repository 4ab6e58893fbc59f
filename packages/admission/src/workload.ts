/** A kind of object that runs containers. */
export interface Workload {
  /** '' is the core group. */
  readonly group: string
  readonly kind: string
  /** As rules of a webhook name it. */
  readonly resource: string
  /** The members that lead to its pod's spec. */
  readonly podSpec: readonly string[]
}

const ofPod = ['spec'] as const
const ofTemplate = ['spec', 'template', 'spec'] as const

/**
 * Every kind of Kubernetes that runs containers. Versions of a group do not differ in where the pod's spec lies.
 * https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/
 */
export const workloads: readonly Workload[] = [
  { group: '', kind: 'Pod', resource: 'pods', podSpec: ofPod },
  { group: '', kind: 'PodTemplate', resource: 'podtemplates', podSpec: ['template', 'spec'] },
  { group: '', kind: 'ReplicationController', resource: 'replicationcontrollers', podSpec: ofTemplate },
  { group: 'apps', kind: 'Deployment', resource: 'deployments', podSpec: ofTemplate },
  { group: 'apps', kind: 'ReplicaSet', resource: 'replicasets', podSpec: ofTemplate },
  { group: 'apps', kind: 'StatefulSet', resource: 'statefulsets', podSpec: ofTemplate },
  { group: 'apps', kind: 'DaemonSet', resource: 'daemonsets', podSpec: ofTemplate },
  { group: 'batch', kind: 'Job', resource: 'jobs', podSpec: ofTemplate },
  {
    group: 'batch',
    kind: 'CronJob',
    resource: 'cronjobs',
    podSpec: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
  },
]

/** The kind's workload; undefined where it runs no containers. */
export function workloadOf({
  group,
  kind,
}: {
  readonly group: string
  readonly kind: string
}): Workload | undefined {
  return workloads.find((each) => each.group === group && each.kind === kind)
}

/** The subresource through which containers come into a pod that runs. */
export const ephemeralContainers = 'ephemeralcontainers'
