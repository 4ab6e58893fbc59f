import { createHash } from 'node:crypto'
import type { Digest } from '@lanner/model'

/** A digest that stands for a word. */
export function digestOf(word: string): Digest {
  return `sha256:${createHash('sha256').update(word).digest('hex')}` as Digest
}
