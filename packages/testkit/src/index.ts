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
  otherBody,
  redirectLoop,
  redirectTo,
  serverError,
  stalledAfter,
  tooManyRequests,
  withHeaders,
} from './fake-registry-faults.ts'
