export { type DockerArchiveOptions, openDockerArchive } from './archive/docker-archive.ts'
export { type LayoutOptions, openLayout } from './archive/layout.ts'
export { contentDigest, verifyContent } from './content-digest.ts'
// What registries need; the client itself is behind its own door, registries.ts.
export {
  anonymous,
  type Credential,
  type CredentialTarget,
  type FindCredential,
  firstCredential,
} from './credentials/credential.ts'
export { CredentialFault } from './credentials/credential-fault.ts'
export { credentialFilePaths, credentialsFromFiles } from './credentials/credential-files.ts'
export { Secret } from './credentials/secret.ts'
export type {
  Descriptor,
  ImageConfig,
  ImageSource,
  Manifest,
  ResolvedImage,
  UnresolvedImage,
} from './descriptor.ts'
export type { ManifestClaim, StoredManifest } from './distribution/manifest.ts'
export { type ManifestDocument, maxDocumentBytes, parseManifestDocument, parseSubject } from './documents.ts'
export type { BodySink, TarEntry, TarVisitor } from './layer/entry.ts'
export { LayerFault } from './layer/layer-fault.ts'
export { cleanPath } from './layer/path.ts'
export { defaultLayerLimits, type ReadLayerOptions, readLayer } from './layer/read-layer.ts'
export type { LayerLimits, LayerReading } from './layer/read-layer-types.ts'
export { TarWalker } from './layer/tar-walker.ts'
export {
  formatReference,
  isTag,
  parseReference,
  parseRegistry,
  parseRepository,
  type Reference,
  ReferenceFault,
} from './reference.ts'
export {
  type DocumentReference,
  type ReadDocument,
  type Resolution,
  type RootDocument,
  resolveImages,
} from './resolve.ts'
export { SourceFault } from './source-fault.ts'
export { type Clock, systemClock } from './transport/clock.ts'
export { type ProxySettings, proxyFromEnvironment } from './transport/proxy.ts'
export {
  type RegistryErrorDetail,
  RegistryFault,
  type RegistryFaultCode,
} from './transport/registry-fault.ts'
export type { TransportOptions } from './transport/registry-transport.ts'
