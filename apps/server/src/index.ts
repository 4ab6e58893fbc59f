export { bootstrapFile, readBootstrapFile } from './bootstrap-file.ts'
export { ConfigurationFault } from './config/configuration-fault.ts'
export {
  readServerSettings,
  type ServerSettings,
  type SettingName,
  serverSettings,
} from './config/settings.ts'
export { type RunningServer, type ServeOptions, serve } from './main.ts'
export { masterKeyFile, parseMasterKeys } from './secrets/master-key.ts'
export {
  type CopySummary,
  type DatabaseFacts,
  examineDatabase,
  exportAll,
  hasDatabase,
  importAll,
  type TransferOptions,
} from './transfer.ts'
