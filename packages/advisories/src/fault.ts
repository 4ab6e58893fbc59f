import { Fault } from '@lanner/model'

/**
 * Why advisories could not be read, stored or fetched.
 * `no-store`: nothing there yet. `corrupt`: the store or a feed is damaged. `foreign`: a file of another kind or a newer
 * version. `busy`: another process writes the store. `nothing-found`: an import without one advisory. `unreachable`: a feed
 * could not be fetched. `too-large`: beyond a cap. `cancelled`: the caller's signal.
 */
export type AdvisoryFaultCode =
  | 'no-store'
  | 'corrupt'
  | 'foreign'
  | 'busy'
  | 'nothing-found'
  | 'unreachable'
  | 'too-large'
  | 'malformed'
  | 'cancelled'

/** Advisories could not be read, stored or fetched; the store in use is as it was. */
export class AdvisoryFault extends Fault<AdvisoryFaultCode> {}

/** The system's own code of a failed call (`ENOENT`), if it has one. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** A message for people, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
