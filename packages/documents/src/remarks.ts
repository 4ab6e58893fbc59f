import type { AssessmentReason } from '@lanner/model'
import { quoted } from './printable.ts'

/** Counts what a document lists but an inventory cannot hold, and says so: nothing is left out in silence. */
export class Remarks {
  readonly #nameless = new Map<string, number>()
  readonly #types = new Map<string, number>()
  readonly #versionless = new Map<string, number>()

  withoutIdentity(name: string): void {
    increase(this.#nameless, name)
  }

  ofType(type: string): void {
    increase(this.#types, type)
  }

  withoutVersion(name: string): void {
    increase(this.#versionless, name)
  }

  reasons(): AssessmentReason[] {
    return [
      ...remark(
        'unreadable-evidence',
        this.#nameless,
        'without a package URL that can be read were left out',
      ),
      ...remark(
        'unreadable-evidence',
        this.#types,
        'of package types that no advisories are known for were left out',
      ),
      ...remark('unknown-versions', this.#versionless, 'have no version'),
    ]
  }
}

function increase(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}

function remark(
  code: AssessmentReason['code'],
  counts: ReadonlyMap<string, number>,
  what: string,
): AssessmentReason[] {
  if (counts.size === 0) return []
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const names = [...counts.keys()].slice(0, 5).map((name) => quoted(name))
  const more = counts.size > names.length ? ` and ${counts.size - names.length} more` : ''
  return [
    {
      code,
      message: `${total} ${total === 1 ? 'component' : 'components'} of the document ${what}: ${names.join(', ')}${more}.`,
      informational: true,
    },
  ]
}
