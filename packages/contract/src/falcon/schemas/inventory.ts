import { Type } from 'typebox'
import { nullable, partial, record } from '../../parts.ts'

export const InventoriedImage = partial('InventoriedImage', {
  Architecture: Type.String(),
  CreatedAt: Type.String(),
  Digest: Type.String(),
  ID: Type.String(),
  IndexDigest: Type.String(),
  Registry: Type.String(),
  Repository: Type.String(),
  Size: Type.Integer(),
  Tag: Type.String(),
  config_s3_key: Type.String(),
  manifest_s3_key: Type.String(),
  scan_request_s3_key: Type.String(),
  source: Type.String(),
})

export const RunConfiguration = partial('RunConfiguration', {
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

export const OperatingSystem = partial('OperatingSystem', {
  DisplayVersion: Type.String(),
  EditionID: Type.String(),
  InstallType: Type.String(),
  LayerHash: Type.String(),
  LayerIndex: Type.Integer(),
  Name: Type.String(),
  Version: Type.String(),
})

export const Layer = partial('Layer', {
  CreatedAt: Type.String(),
  CreatedBy: Type.String(),
  Digest: Type.String(),
  Size: Type.Integer(),
  layer_inventory_s3_key: Type.String(),
  layer_reference_key: Type.String(),
  layer_reference_type: Type.Integer(),
  type: Type.Integer(),
})

export const InstalledPackage = partial('InstalledPackage', {
  InstallDate: Type.String(),
  LayerHash: Type.String(),
  LayerIndex: Type.Integer(),
  MajorVersion: Type.String(),
  PackageHash: Type.String(),
  PackageProvider: Type.String(),
  PackageSource: Type.String(),
  Product: Type.String(),
  SoftwareArchitecture: Type.String(),
  Status: Type.String(),
  Vendor: Type.String(),
})

export const ApplicationLibrary = partial('ApplicationLibrary', {
  Hash: Type.String(),
  LayerHash: Type.String(),
  LayerIndex: Type.Integer(),
  License: Type.String(),
  Name: Type.String(),
  Path: Type.String(),
  Version: Type.String(),
  ai_related: Type.Boolean(),
})

export const ApplicationPackages = partial('ApplicationPackages', {
  libraries: Type.Array(ApplicationLibrary),
  type: Type.Union([Type.String(), Type.Integer()]),
})

export const ElfBinary = partial('ElfBinary', {
  Details: nullable(Type.String(), 'free-form in the vendor model; the Jenkins plugin fails on an object'),
  Hash: Type.String(),
  LayerHash: Type.String(),
  LayerIndex: Type.Integer(),
  Malicious: Type.Boolean(),
  Path: Type.String(),
  Permissions: Type.String(),
  Size: Type.Integer(),
})

export const HashedFile = partial('HashedFile', {
  Hash: Type.String(),
  LayerHash: Type.String(),
  LayerIndex: Type.Integer(),
  Path: Type.String(),
  Permissions: Type.String(),
  Size: Type.Integer(),
})

export const MachineLearningModel = partial('MachineLearningModel', {
  Details: Type.Unknown(),
  DetectionName: Type.String(),
  Hash: Type.String(),
  LayerHash: Type.String(),
  LayerIndex: Type.Integer(),
  Malicious: Type.Boolean(),
  Path: Type.String(),
  Size: Type.Integer(),
})

export const InventoryEngine = partial('InventoryEngine', {
  CWPPScannerVersion: Type.String(),
  CollectedAt: Type.String(),
  EngineVersion: Type.String(),
  MalwareMetadata: Type.Record(Type.String(), Type.String()),
  ELFModelVersion: Type.String(),
})

export const LookupRequest = record('LookupRequest', {
  applicationPackages: Type.Optional(Type.Array(ApplicationPackages)),
  osversion: Type.String({ description: 'operating system name and version of the image' }),
  packages: Type.Array(InstalledPackage),
})
