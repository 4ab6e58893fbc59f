import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { assertExit, lanner, type User } from './lanner.ts'
import { madeFolder, newFolder } from './suite.ts'

/** A record in the OSV schema, as far as the suite writes one. https://ossf.github.io/osv-schema/ */
export interface OsvRecord {
  readonly id: string
  readonly ecosystem: string
  readonly name: string
  readonly fixed: string
}

/** Writes records in the layout of the OSV bucket and answers with the folder. */
export function advisoryFolder(records: readonly OsvRecord[]): string {
  const folder = newFolder('advisories')
  for (const { id, ecosystem, name, fixed } of records) {
    const document = {
      schema_version: '1.7.0',
      id,
      modified: '2026-01-01T00:00:00Z',
      published: '2026-01-01T00:00:00Z',
      summary: `made for ${name}`,
      affected: [
        {
          package: { ecosystem, name },
          ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
        },
      ],
    }
    const place = madeFolder(folder, ecosystem.split(':', 1)[0] as string)
    writeFileSync(join(place, `${id}.json`), JSON.stringify(document))
  }
  return folder
}

/** A folder with some sources of a larger one. */
export function someSources(from: string, sources: readonly string[]): string {
  const folder = newFolder('advisories')
  for (const source of sources) cpSync(join(from, source), join(folder, source), { recursive: true })
  return folder
}

/** Compiles a folder into a store with `lanner advisories import`. */
export async function importedStore(user: User, folder: string): Promise<string> {
  const store = newFolder('store')
  assertExit(await lanner(user, ['advisories', 'import', '--quiet', '--store', store, folder]), 0)
  return store
}
