import { Fault } from '@lanner/model'

/** Why images could not be had from a source: a layout, an archive, or what a registry answered. */
export class SourceFault extends Fault<
  'not-found' | 'malformed' | 'ambiguous' | 'not-an-image' | 'digest-mismatch' | 'unreadable' | 'unsupported'
> {}
