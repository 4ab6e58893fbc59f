import { type TSchema, Type } from 'typebox'
import { nullable, partial, record } from '../../parts.ts'
import { ImageConfiguration, Manifest } from './image-manifest.ts'
import {
  ApplicationPackages,
  ElfBinary,
  HashedFile,
  InstalledPackage,
  InventoriedImage,
  InventoryEngine,
  Layer,
  MachineLearningModel,
  OperatingSystem,
  RunConfiguration,
} from './inventory.ts'

/** A program in Go writes null for a list or a map that it left empty. */
const listOf = <const S extends TSchema>(schema: S) => nullable(Type.Array(schema))

const SentRunConfiguration = partial('SentRunConfiguration', {
  ...RunConfiguration.properties,
  Cmd: listOf(Type.String()),
  Entrypoint: listOf(Type.String()),
  Env: listOf(Type.String()),
  ExposedPorts: nullable(RunConfiguration.properties.ExposedPorts),
  Labels: nullable(RunConfiguration.properties.Labels),
  Volumes: nullable(RunConfiguration.properties.Volumes),
})

const SentElfBinary = partial('SentElfBinary', { ...ElfBinary.properties, Details: Type.Unknown() })

export const HighEntropyString = record('HighEntropyString', {
  Hash: Type.Optional(Type.String()),
  Line: Type.Integer(),
  Name: Type.Optional(Type.String()),
  RegexName: Type.String(),
  String: Type.Optional(Type.String()),
})

export const StringsOfFile = record('StringsOfFile', {
  LayerHash: Type.Optional(Type.String()),
  LayerIndex: Type.Optional(Type.Integer()),
  Path: Type.String(),
  Strings: listOf(HighEntropyString),
})

/** What a scanner read in an image. */
export const Inventory = record('Inventory', {
  ApplicationPackages: Type.Optional(listOf(ApplicationPackages)),
  Config: Type.Optional(nullable(ImageConfiguration)),
  ConfigInfo: Type.Optional(nullable(SentRunConfiguration)),
  ELFBinaries: Type.Optional(listOf(SentElfBinary)),
  HashedFiles: Type.Optional(listOf(HashedFile)),
  ImageInfo: InventoriedImage,
  InventoryEngineInfo: Type.Optional(nullable(InventoryEngine)),
  Layers: Type.Optional(listOf(Layer)),
  MLModels: Type.Optional(listOf(MachineLearningModel)),
  Manifest: Type.Optional(nullable(Manifest)),
  OSInfo: OperatingSystem,
  Packages: Type.Optional(listOf(InstalledPackage)),
  ai_related: Type.Optional(Type.Boolean()),
  high_entropy_s3_file_exists: Type.Optional(Type.Boolean()),
  interesting_strings: Type.Optional(listOf(StringsOfFile)),
  whiteout_files: Type.Optional(listOf(Type.String())),
})

export const ImageMetadata = partial('ImageMetadata', {
  image_metadata_config_s3_key: Type.String(),
  image_metadata_high_entropy_strings_s3_key: Type.String(),
  image_metadata_image_inventory_s3_key: Type.String(),
  image_metadata_image_inventory_s3_path: Type.String(),
  image_metadata_manifest_s3_key: Type.String(),
  image_metadata_scan_report_s3_key: Type.String(),
})

export const ScanOrigin = partial('ScanOrigin', {
  CorrelationUUID: Type.String(),
  RequestedAt: Type.String(),
  ScanUUID: Type.String(),
  UserUUID: Type.String(),
  Username: Type.String(),
  cid: Type.String(),
})

export const ScanRequest = partial('ScanRequest', {
  Config: nullable(ImageConfiguration),
  ConfigInfo: nullable(SentRunConfiguration),
  ImageInfo: nullable(InventoriedImage),
  ImageMetadata: nullable(ImageMetadata),
  Layers: listOf(Layer),
  Manifest: nullable(Manifest),
  ScanInfo: nullable(ScanOrigin),
  high_entropy_strings_s3_key: Type.String(),
  image_inventory_s3_key: Type.String(),
  layer_inventory_s3_key: Type.String(),
  scan_report_s3_key: Type.String(),
  scan_request_s3_key: Type.String(),
})

/** Only the inventory itself is needed; the rest says where it was taken. */
export const InventoryScan = record('InventoryScan', {
  agent_uuid: Type.Optional(Type.String()),
  agent_version: Type.Optional(Type.String()),
  agent_version_hash: Type.Optional(Type.String()),
  cluster_id: Type.Optional(Type.String()),
  cluster_name: Type.Optional(Type.String()),
  container_id: Type.Optional(Type.String()),
  ephemeral_scan: Type.Optional(Type.Boolean()),
  helm_version: Type.Optional(Type.String()),
  high_entropy_strings: Type.Optional(listOf(StringsOfFile)),
  host_ip: Type.Optional(Type.String()),
  host_name: Type.Optional(Type.String()),
  inventory: Inventory,
  original_image_name: Type.Optional(Type.String()),
  pod_id: Type.Optional(Type.String()),
  pod_name: Type.Optional(Type.String()),
  pod_namespace: Type.Optional(Type.String()),
  runmode: Type.Optional(Type.String()),
  runtime_type: Type.Optional(Type.String()),
  scan_request: Type.Optional(nullable(ScanRequest)),
})

/** What became of an inventory that was sent in. */
export const ScanAcceptance = record('ScanAcceptance', {
  scan_uuid: Type.String({ description: 'takes the report from GetReportByScanID' }),
  image_id: Type.String(),
  image_digest: Type.String(),
})
