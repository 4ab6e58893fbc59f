import { Type } from 'typebox'
import { nullable, partial, record, time } from '../../parts.ts'
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
import { ReportedVulnerability } from './vulnerability-record.ts'

export const ScanInfo = partial('ScanInfo', {
  CID: Type.String(),
  Username: Type.String(),
  UserUUID: Type.String(),
  ScanUUID: Type.String(),
  CorrelationUUID: Type.String(),
  RequestedAt: Type.String(),
})

export const DetectionEngine = partial('DetectionEngine', {
  ApkStaticVersion: Type.String(),
  EngineVersion: Type.String(),
  PerformedAt: time(),
})

export const DetectionDetails = partial('DetectionDetails', {
  Match: Type.String({ description: 'what was found, printed by cs_scanimage.py for secrets and malware' }),
})

export const ReportedDetection = partial('ReportedDetection', {
  ID: Type.String(),
  Type: Type.Enum(['Malware', 'Secret', 'Misconfiguration', 'CIS'], {
    description: 'cs_scanimage.py lower-cases it and knows these four',
  }),
  Name: Type.String(),
  Title: Type.String(),
  Description: Type.String(),
  Remediation: Type.String(),
  Severity: Type.String(),
  Details: nullable(DetectionDetails),
})

export const DetectionWrapper = partial('DetectionWrapper', {
  Detection: ReportedDetection,
})

export const ScanReport = record('ScanReport', {
  ScanInfo: Type.Optional(ScanInfo),
  ImageInfo: Type.Optional(InventoriedImage),
  Config: Type.Optional(ImageConfiguration),
  ConfigInfo: Type.Optional(RunConfiguration),
  Manifest: Type.Optional(Manifest),
  OSInfo: Type.Optional(OperatingSystem),
  Layers: Type.Optional(nullable(Type.Array(Layer))),
  Packages: Type.Optional(nullable(Type.Array(InstalledPackage))),
  ApplicationPackages: Type.Optional(nullable(Type.Array(ApplicationPackages))),
  ELFBinaries: Type.Optional(nullable(Type.Array(ElfBinary))),
  HashedFiles: Type.Optional(nullable(Type.Array(HashedFile))),
  MLModels: Type.Optional(nullable(Type.Array(MachineLearningModel))),
  InventoryEngineInfo: Type.Optional(InventoryEngine),
  DetectionEngineInfo: Type.Optional(DetectionEngine),
  Vulnerabilities: nullable(
    Type.Array(
      Type.Object({
        Vulnerability: Type.Optional(ReportedVulnerability),
      }),
    ),
  ),
  Detections: nullable(Type.Array(DetectionWrapper)),
})
