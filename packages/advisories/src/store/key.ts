import { lookupName } from '@lanner/matching'

/** Stands between ecosystem and name; neither may hold a control character. */
const separator = '\u001f'

/** The key under which an ecosystem's (with release) word on a package is stored. */
export function affectedKey(ecosystem: string, name: string): string {
  return ecosystem + separator + lookupName(ecosystem, name)
}

export function splitKey(key: string): { ecosystem: string; name: string } {
  const at = key.indexOf(separator)
  return { ecosystem: key.slice(0, at), name: key.slice(at + 1) }
}

/** FNV-1a over UTF-16 units with a final mix, so that the low bits are as good as the high ones. 32 bits, unsigned. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return mixed(hash)
}

export function mixed(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
