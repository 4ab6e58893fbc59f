import type { Database } from '../db/database.ts'
import { repositoryExists, repositoryNames } from '../db/repository.ts'
import { tagNames } from '../db/tag.ts'
import { nameUnknown } from './blobs.ts'
import type { Place } from './content-fault.ts'

/** Names in a page at most, also when none is asked for. */
export const maxNamesInPage = 10_000

/** Which part of a list. */
export interface NamePage {
  /** The last name of the page before. */
  readonly last?: string
  readonly limit?: number
}

/** A part of a list, in order of the names' bytes. */
export interface NameList {
  readonly names: readonly string[]
  /** Whether more come after the last. */
  readonly more: boolean
}

/** Repositories and their tags, listed. Throws `ContentFault`. */
export interface Repositories {
  /** Repositories of a tenant that hold a manifest. */
  list(cid: string, page: NamePage): Promise<NameList>
  tags(place: Place, page: NamePage): Promise<NameList>
}

export function repositories({ database }: { readonly database: Database }): Repositories {
  return {
    list: (cid, page) => listed(page, (last, limit) => repositoryNames(database, cid, last, limit)),

    async tags(place, page) {
      const { cid, repository } = place
      if (!(await repositoryExists(database, cid, repository))) throw nameUnknown(place)
      return listed(page, (last, limit) => tagNames(database, cid, repository, last, limit))
    },
  }
}

async function listed(
  page: NamePage,
  read: (last: string | undefined, limit: number) => Promise<readonly string[]>,
): Promise<NameList> {
  const limit = Math.min(page.limit ?? maxNamesInPage, maxNamesInPage)
  if (limit === 0) return { names: [], more: false }
  const names = await read(page.last, limit + 1)
  return { names: names.slice(0, limit), more: names.length > limit }
}
