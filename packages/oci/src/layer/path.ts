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
  if (isClean(raw)) return raw
  if (raw.includes('\0')) return undefined
  const parts: string[] = []
  for (const part of raw.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return undefined
  }
  return parts.join('/')
}

/** Most paths of a layer need no work: no empty part, none that starts with a dot, no NUL. */
function isClean(raw: string): boolean {
  let afterSlash = true
  for (let at = 0; at < raw.length; at++) {
    const code = raw.charCodeAt(at)
    if (code === 0) return false
    if (afterSlash && (code === 0x2e || code === 0x2f)) return false
    afterSlash = code === 0x2f
  }
  return !afterSlash || raw.length === 0
}
