import { Type } from 'typebox'
import { partial, time } from '../../parts.ts'

export const ImageRuntime = partial('ImageRuntime', {
  ArgsEscaped: Type.Boolean(),
  Cmd: Type.Array(Type.String()),
  Entrypoint: Type.Array(Type.String()),
  Env: Type.Array(Type.String()),
  ExposedPorts: Type.Record(Type.String(), Type.Unknown()),
  Labels: Type.Record(Type.String(), Type.String()),
  StopSignal: Type.String(),
  User: Type.String(),
  Volumes: Type.Record(Type.String(), Type.Unknown()),
  WorkingDir: Type.String(),
})

export const HistoryEntry = partial('HistoryEntry', {
  author: Type.String(),
  comment: Type.String(),
  created: time(),
  created_by: Type.String(),
  empty_layer: Type.Boolean(),
})

export const RootFilesystem = partial('RootFilesystem', {
  diff_ids: Type.Array(Type.String()),
  type: Type.String(),
})

export const ImageConfiguration = partial('ImageConfiguration', {
  architecture: Type.String(),
  author: Type.String(),
  config: ImageRuntime,
  created: time(),
  history: Type.Array(HistoryEntry),
  os: Type.String(),
  'os.features': Type.Array(Type.String()),
  'os.version': Type.String(),
  rootfs: RootFilesystem,
  variant: Type.String(),
})

export const Platform = partial('Platform', {
  architecture: Type.String(),
  os: Type.String(),
  'os.features': Type.Array(Type.String()),
  'os.version': Type.String(),
  variant: Type.String(),
})

export const Descriptor = partial('Descriptor', {
  annotations: Type.Record(Type.String(), Type.String()),
  artifactType: Type.String(),
  data: Type.String(),
  digest: Type.String(),
  mediaType: Type.String(),
  platform: Platform,
  size: Type.Integer(),
  urls: Type.Array(Type.String()),
})

export const Manifest = partial('Manifest', {
  annotations: Type.Record(Type.String(), Type.String()),
  artifactType: Type.String(),
  config: Descriptor,
  layers: Type.Array(Descriptor),
  mediaType: Type.String(),
  schemaVersion: Type.Integer(),
  subject: Descriptor,
})
