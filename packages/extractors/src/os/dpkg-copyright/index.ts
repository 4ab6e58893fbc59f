import { defineExtractor, MiB } from '../../extractor.ts'
import { spdxOfDebian } from './debian-licenses.ts'

const field = '\nLicense:'
const commonFolder = '/usr/share/common-licenses/'
const nameLimit = 128
const hitLimit = 10_000
const licenseLimit = 64

/**
 * The licences of Debian packages, which their database leaves out. A machine-readable file states short names; of others
 * only the common licences that they refer to are known, and not whether a later version may be chosen.
 * https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
 * https://www.debian.org/doc/debian-policy/ch-docs.html#copyright-information
 */
export const dpkgCopyright = defineExtractor({
  id: 'os/dpkg-copyright',
  revision: 1,
  finds:
    'licences of packages installed by dpkg (copyright files, machine-readable or referring to common licences)',
  wants: { paths: ['usr/share/doc/*/copyright'] },
  maxBytes: 16 * MiB,
  *extract({ path, bytes }) {
    // One byte a character: names are ASCII, and so the whole is never decoded.
    const text = bytes.slice(0).toString('latin1')
    const licenses = text.startsWith('Format') ? statedLicenses(text) : commonLicenses(text)
    if (licenses.length > 0) yield { kind: 'licenses', owner: path.split('/')[3], licenses }
  },
})

/** Short names of the `License` fields, as SPDX has them where that is certain. */
function statedLicenses(text: string): string[] {
  const stated = new Set<string>()
  let at = text.indexOf(field)
  for (let hits = 0; at >= 0 && hits < hitLimit; hits++) {
    const start = at + field.length
    const end = text.indexOf('\n', start)
    const value = text.slice(start, end < 0 ? text.length : end).trim()
    if (value !== '' && value.length <= nameLimit) stated.add(value)
    at = text.indexOf(field, start)
  }
  const licenses = [...stated].flatMap((value) => spdxOfDebian(value) ?? [])
  return [...new Set(licenses)].slice(0, licenseLimit)
}

function commonLicenses(text: string): string[] {
  const names = new Set<string>()
  let at = text.indexOf(commonFolder)
  for (let hits = 0; at >= 0 && hits < hitLimit; hits++) {
    const start = at + commonFolder.length
    const name = /^[A-Za-z0-9.+-]*[A-Za-z0-9+]/.exec(text.slice(start, start + 32))?.[0]
    if (name) names.add(name)
    at = text.indexOf(commonFolder, start)
  }
  return [...names].slice(0, licenseLimit)
}
