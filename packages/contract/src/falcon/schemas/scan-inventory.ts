import { Type } from 'typebox'
import { partial, record } from '../../parts.ts'
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
  Strings: Type.Array(HighEntropyString),
})

export const Inventory = record('Inventory', {
  ApplicationPackages: Type.Optional(Type.Array(ApplicationPackages)),
  Config: ImageConfiguration,
  ConfigInfo: RunConfiguration,
  ELFBinaries: Type.Array(ElfBinary),
  HashedFiles: Type.Optional(Type.Array(HashedFile)),
  ImageInfo: InventoriedImage,
  InventoryEngineInfo: InventoryEngine,
  Layers: Type.Array(Layer),
  MLModels: Type.Optional(Type.Array(MachineLearningModel)),
  Manifest: Manifest,
  OSInfo: OperatingSystem,
  Packages: Type.Array(InstalledPackage),
  ai_related: Type.Optional(Type.Boolean()),
  high_entropy_s3_file_exists: Type.Optional(Type.Boolean()),
  interesting_strings: Type.Optional(Type.Array(StringsOfFile)),
  whiteout_files: Type.Optional(Type.Array(Type.String())),
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

export const ScanRequest = record('ScanRequest', {
  Config: ImageConfiguration,
  ConfigInfo: RunConfiguration,
  ImageInfo: Type.Optional(InventoriedImage),
  ImageMetadata: ImageMetadata,
  Layers: Type.Array(Layer),
  Manifest: Manifest,
  ScanInfo: Type.Optional(ScanOrigin),
  high_entropy_strings_s3_key: Type.String(),
  image_inventory_s3_key: Type.String(),
  layer_inventory_s3_key: Type.String(),
  scan_report_s3_key: Type.String(),
  scan_request_s3_key: Type.String(),
})

export const InventoryScan = record('InventoryScan', {
  agent_uuid: Type.String(),
  agent_version: Type.String(),
  agent_version_hash: Type.String(),
  cluster_id: Type.String(),
  cluster_name: Type.String(),
  container_id: Type.Optional(Type.String()),
  ephemeral_scan: Type.Optional(Type.Boolean()),
  helm_version: Type.String(),
  high_entropy_strings: Type.Optional(Type.Array(StringsOfFile)),
  host_ip: Type.String(),
  host_name: Type.String(),
  inventory: Inventory,
  original_image_name: Type.String(),
  pod_id: Type.Optional(Type.String()),
  pod_name: Type.Optional(Type.String()),
  pod_namespace: Type.Optional(Type.String()),
  runmode: Type.String(),
  runtime_type: Type.Optional(Type.String()),
  scan_request: ScanRequest,
})

/** What became of an inventory that was sent in. */
export const ScanAcceptance = record('ScanAcceptance', {
  scan_uuid: Type.String({ description: 'takes the report from GetReportByScanID' }),
  image_id: Type.String(),
  image_digest: Type.String(),
})
