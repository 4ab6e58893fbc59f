export { type FakeCertificate, makeFakeCertificate } from './fake-certificate.ts'
export { FakeClock } from './fake-clock.ts'
export { type FakeRegistry, type FakeRegistryOptions, startFakeRegistry } from './fake-registry.ts'
export { answer, errorAnswer, type FakeAnswer, type FakeRequest } from './fake-registry-answer.ts'
export type { FakeAuthentication } from './fake-registry-authentication.ts'
export {
  emptyRepository,
  type FakeManifest,
  type FakeRepository,
  ociIndex,
  ociManifest,
  pushBlob,
  pushImage,
  pushManifest,
  sha256,
} from './fake-registry-content.ts'
export {
  answeredWith,
  droppedAfter,
  endless,
  type FakeFault,
  type FakeFaultRule,
  hangUp,
  otherBody,
  redirectLoop,
  redirectTo,
  serverError,
  stalledAfter,
  tooManyRequests,
  withHeaders,
} from './fake-registry-faults.ts'
export {
  type BuiltDescriptor,
  type BuiltImage,
  type BuiltIndex,
  type BuiltLayer,
  type Compression,
  digestOf,
  image,
  index,
  type LayerDamage,
  type LayerFile,
  type LayerFiles,
  layer,
} from './image.ts'
export {
  dockerArchive,
  type LayoutEntry,
  layoutArchive,
  layoutFiles,
  temporaryFolder,
  writeLayout,
} from './image-archive.ts'
export { imageSource } from './image-source.ts'
export { padded, paxRecord, sealHeader, type TarMember, tar, tarHeader } from './tar.ts'
