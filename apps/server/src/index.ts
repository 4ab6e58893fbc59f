export { bootstrapFile, readBootstrapFile } from './bootstrap-file.ts'
export { ConfigurationFault } from './config/configuration-fault.ts'
export {
  readServerSettings,
  type ServerSettings,
  type SettingName,
  serverSettings,
} from './config/settings.ts'
export { type RunningServer, type ServeOptions, serve } from './main.ts'
