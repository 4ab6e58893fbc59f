/** Linux refuses longer ones (PATH_MAX). */
const maxLength = 4096

/**
 * The path of an entry inside the image: no leading slash, `.` and empty parts dropped, `..` resolved by its letters as
 * runtimes do before they touch the disk. The root itself is ''. Undefined where a path must be refused: it climbs out of
 * the root, holds NUL, or is longer than 4,096 characters.
 *
 * Runtimes disagree on `../../x` (Docker and Podman refuse the layer, containerd puts it below the root), so no answer is
 * right for all of them: whoever drops such an entry has to say so.
 */
export function cleanPath(raw: string): string | undefined {
  if (raw.length > maxLength) return undefined
  // What most archives hold is clean, or clean but for the `./` that tar puts before everything.
  if (isClean(raw, 0)) return raw
  if (raw.startsWith('./') && isClean(raw, 2)) return raw.slice(2)
  if (raw.includes('\0')) return undefined
  const parts: string[] = []
  for (const part of raw.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return undefined
  }
  return parts.join('/')
}

/** Whether a path needs no work from an offset on: no empty part, none that starts with a dot, no NUL. */
function isClean(raw: string, start: number): boolean {
  let afterSlash = true
  for (let at = start; at < raw.length; at++) {
    const code = raw.charCodeAt(at)
    if (code === 0) return false
    if (afterSlash && (code === 0x2e || code === 0x2f)) return false
    afterSlash = code === 0x2f
  }
  return !afterSlash || raw.length === start
}
