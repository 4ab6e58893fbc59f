export { type CommandArguments, type CommandBody, LannerClient, type LannerClientOptions } from './client.ts'
export type { Cloud } from './clouds.ts'
export type { CredentialOptions } from './credentials.ts'
export { findOperation } from './find-operation.ts'
export * from './generated/index.ts'
export type { CallOptions, CommandInput, OperationFacts, ParameterValue } from './operation.ts'
export type {
  Acknowledged,
  ApiError,
  Failure,
  FailureReason,
  Meta,
  Resource,
  Resources,
  Result,
  Success,
} from './result.ts'
export { Service } from './service.ts'
