import { Type } from 'typebox'
import { collection, get, post } from '../define.ts'
import { boolean, paging, record, resources, text, time } from '../parts.ts'
import { containersRead, containersWrite } from './scopes.ts'

const identity = {
  container_id: Type.String({ minLength: 1, maxLength: 256 }),
  image_digest: Type.String({
    maxLength: 256,
    description: 'digest of the manifest or the index that runs; empty when it is not known',
  }),
  running: Type.Boolean(),
}

const SentContainer = record('SentContainer', {
  ...identity,
  namespace: Type.Optional(Type.String({ maxLength: 256 })),
  pod: Type.Optional(Type.String({ maxLength: 256 })),
  pod_uid: Type.Optional(Type.String({ maxLength: 256 })),
  container_name: Type.Optional(Type.String({ maxLength: 256 })),
  node: Type.Optional(Type.String({ maxLength: 256 })),
  image: Type.Optional(Type.String({ maxLength: 1024, description: 'reference as the cluster has it' })),
  privileged: Type.Optional(Type.Boolean()),
})

const Snapshot = record('ContainerSnapshot', {
  cluster: Type.String({ minLength: 1, maxLength: 256 }),
  containers: Type.Array(SentContainer, { maxItems: 10_000 }),
  complete: Type.Optional(
    Type.Boolean({
      description:
        'true, which it is unless said: containers of the cluster that are not listed run no more; false: they stay as they are',
    }),
  ),
})

const SnapshotResult = record('ContainerSnapshotResult', {
  cluster: Type.String(),
  listed: Type.Integer({ description: 'containers in the snapshot' }),
  running: Type.Integer({ description: 'those of the cluster that run now' }),
  stopped: Type.Integer({ description: 'those that ran before and do not any more' }),
  unidentified: Type.Integer({ description: 'running ones whose image was never assessed' }),
})

const Container = record('Container', {
  ...identity,
  cluster: Type.String(),
  namespace: Type.String(),
  pod: Type.String(),
  pod_uid: Type.String(),
  container_name: Type.String(),
  node: Type.String(),
  image: Type.String(),
  privileged: Type.Boolean(),
  first_seen: time(),
  last_seen: time('when a snapshot last listed it as running'),
})

/** What runs: clusters tell it, so that images, alerts and unidentified containers can say so. */
export const containers = collection('lanner', 'Containers', {
  RecordContainers: post('/lanner/v1/containers', {
    tier: 'own',
    scope: containersWrite,
    summary: 'Takes a snapshot of the containers of a cluster.',
    description:
      'Snapshots of one cluster that are larger than 10,000 containers are sent in parts with complete: false.',
    body: Snapshot,
    reply: resources(SnapshotResult),
    failures: { 400: 'a container is listed twice' },
  }),

  ListContainers: get('/lanner/v1/containers', {
    tier: 'own',
    scope: containersRead,
    summary: 'Containers as the clusters last told them.',
    query: {
      ...paging({ limit: 1000 }),
      cluster: text('name of the cluster'),
      namespace: text('Kubernetes namespace'),
      image_digest: text('digest of the image'),
      running: boolean('only those that run, or only those that do not'),
    },
    reply: resources(Container),
  }),
})
