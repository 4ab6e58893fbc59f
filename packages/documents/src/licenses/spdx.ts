import { sha256 } from '../content-id.ts'
import { isCompound, licenseExpression, licenseId } from './expression.ts'

/** A licence that is not on the SPDX list. SPDX 2.3, clause 10. */
export interface ExtractedLicense {
  readonly licenseId: string
  readonly name?: string
  readonly extractedText: string
}

/** Longer texts are whole licences. */
const longestName = 200

/** What was stated: the text where it is short, else the name of the licence whose text it is. */
export function statedOf({ name, extractedText }: ExtractedLicense): string {
  return extractedText.length <= longestName ? extractedText : (name ?? extractedText)
}

/** `licenseDeclared` of SPDX 2.3, which takes expressions only; what is none becomes a `LicenseRef-` with its text. */
export class DeclaredLicenses {
  readonly #infos = new Map<string, ExtractedLicense>()

  /** The expression for all that a package states: each part holds for some of it, so they are joined with AND. */
  declare(stated: readonly string[]): string {
    const parts = [...new Set(stated.map((license) => this.#expressionOf(license)))]
    if (parts.length === 0) return 'NOASSERTION'
    if (parts.length === 1) return parts[0]
    return parts.map((part) => (isCompound(part) ? `(${part})` : part)).join(' AND ')
  }

  /** What a reader takes from what `declare` answered. */
  asRead(declared: string): readonly string[] {
    const infos = this.#infos.get(declared)
    return licensesOfDeclared(declared, new Map(infos ? [[declared, statedOf(infos)]] : []))
  }

  /** `hasExtractedLicensingInfos` of the document. */
  extracted(): readonly ExtractedLicense[] {
    return [...this.#infos.values()]
  }

  #expressionOf(license: string): string {
    const valid = licenseId(license) ?? licenseExpression(license)
    if (valid) return valid
    const id = referenceTo(license)
    if (!this.#infos.has(id))
      this.#infos.set(id, { licenseId: id, name: firstLine(license), extractedText: license })
    return id
  }
}

/** Readable where the name is short, and different for different names. */
function referenceTo(license: string): string {
  const slug = license
    .slice(0, 40)
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  return `LicenseRef-${slug ? `${slug}-` : ''}${sha256(license).slice(0, 12)}`
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0].slice(0, longestName) || 'unnamed'
}

/** What a reader takes from `licenseDeclared`: one expression, or the text that a lone reference stands for. */
export function licensesOfDeclared(
  declared: string | undefined,
  extracted: ReadonlyMap<string, string>,
): readonly string[] {
  if (!declared || declared === 'NOASSERTION' || declared === 'NONE') return []
  return [extracted.get(declared) ?? declared]
}
