import { Fault } from '@lanner/model'

/** The layers of an image, each good as it may be, make no image: their number is not that of its config, or they hold too much. */
export class ImageFault extends Fault<'malformed' | 'limit-exceeded'> {}
