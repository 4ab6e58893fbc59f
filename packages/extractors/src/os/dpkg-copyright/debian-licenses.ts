const gnuLicenses = [
  'GPL-1.0',
  'GPL-2.0',
  'GPL-3.0',
  'LGPL-2.0',
  'LGPL-2.1',
  'LGPL-3.0',
  'AGPL-1.0',
  'AGPL-3.0',
]
const documentLicenses = ['GFDL-1.1', 'GFDL-1.2', 'GFDL-1.3']

/** `GPL-2`, `GPL-2.0`, and with a plus for any later version. */
function gnuNames(name: string): (readonly [string, string])[] {
  const debian = [name, name.replace('.0', '')].map((form) => form.toLowerCase())
  return debian.flatMap((form) => [
    [form, `${name}-only`] as const,
    [`${form}+`, `${name}-or-later`] as const,
  ])
}

/**
 * SPDX identifiers of Debian's short names where the two lists mean the same text, by the name in lower case.
 * https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/#license-short-name
 */
const spdxNames: ReadonlyMap<string, string> = new Map([
  ...[
    '0BSD',
    'Apache-1.0',
    'Apache-1.1',
    'Apache-2.0',
    'Artistic-2.0',
    'BSD-2-Clause',
    'BSD-3-Clause',
    'BSD-4-Clause',
    'BSL-1.0',
    'CC-BY-3.0',
    'CC-BY-4.0',
    'CC-BY-SA-3.0',
    'CC-BY-SA-4.0',
    'CC0-1.0',
    'CDDL-1.0',
    'CPL-1.0',
    'EFL-2.0',
    'EPL-1.0',
    'EPL-2.0',
    'FSFAP',
    'FSFUL',
    'FSFULLR',
    'ISC',
    'MIT',
    'MPL-1.0',
    'MPL-1.1',
    'MPL-2.0',
    'OFL-1.1',
    'OpenSSL',
    'Python-2.0',
    'QPL-1.0',
    'Unlicense',
    'X11',
    'Zlib',
  ].map((name) => [name.toLowerCase(), name] as const),
  ...[...gnuLicenses, ...documentLicenses].flatMap(gnuNames),
  ['expat', 'MIT'],
  ['zope-1.1', 'ZPL-1.1'],
  ['zope-2.0', 'ZPL-2.0'],
  ['zope-2.1', 'ZPL-2.1'],
])

const exception = /^\S+ with [^,]{1,60} exceptions?$/i

/**
 * What a `License` field states: an SPDX expression where every name of it has an identifier, otherwise the words as they
 * stand. Undefined for a text that is no name, as some files begin the licence itself there.
 */
export function spdxOfDebian(stated: string): string | undefined {
  if (!/^[\x20-\x7e]+$/.test(stated)) return undefined
  if (!stated.includes(' ')) return spdxNames.get(stated.toLowerCase()) ?? stated
  const words = stated.split(/(,?\s+(?:or|and)\s+)/i)
  const names = words.filter((_, index) => index % 2 === 0)
  if (!names.every((name) => !/\s/.test(name) || exception.test(name))) return undefined
  const identifiers = names.map((name) => spdxNames.get(name.toLowerCase()))
  // A comma sets the reach of `or` and `and`, which an expression would have to say in brackets.
  if (stated.includes(',') || identifiers.includes(undefined)) return stated
  return words
    .map((word, index) => (index % 2 === 0 ? identifiers[index / 2] : ` ${word.trim().toUpperCase()} `))
    .join('')
}
