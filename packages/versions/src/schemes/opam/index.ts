import { defineScheme } from '../../scheme.ts'
import { compareParts } from '../deb/index.ts'

interface OpamVersion {
  readonly upstream: string
  readonly revision: string
}

/** Debian's order with a hyphenated revision but without epochs. */
export const opam = defineScheme<OpamVersion>({
  id: 'opam',
  label: 'opam (OCaml)',
  spec: 'https://opam.ocaml.org/doc/Manual.html#version-ordering',
  parse(text) {
    if (!/^[A-Za-z0-9_+.~-]+$/.test(text)) return undefined
    const hyphen = text.lastIndexOf('-')
    if (hyphen < 0) return { upstream: text, revision: '' }
    return { upstream: text.slice(0, hyphen), revision: text.slice(hyphen + 1) }
  },
  compare(a, b) {
    return compareParts(a.upstream, b.upstream) || compareParts(a.revision, b.revision)
  },
})
