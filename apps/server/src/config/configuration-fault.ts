import { Fault } from '@lanner/model'

/** `invalid`: one or more settings cannot be used; the message names all of them, and no secret. */
export type ConfigurationFaultCode = 'invalid'

/** The server does not start on settings like these. */
export class ConfigurationFault extends Fault<ConfigurationFaultCode> {}
