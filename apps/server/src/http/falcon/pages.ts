interface Paging {
  readonly limit: number
  readonly offset: number
}

/** A page of a list with the pagination that clients go on by. */
export function paged<From, To>(
  { limit, offset }: Paging,
  { rows, total }: { readonly rows: readonly From[]; readonly total: number },
  row: (from: From) => To,
) {
  return { resources: rows.map((from) => row(from)), pagination: { limit, offset, total } }
}

/** The only record that there is, on the first page. */
export function pageOfOne<Row>({ limit, offset }: Paging, row: Row) {
  return { resources: offset === 0 ? [row] : [], pagination: { limit, offset, total: 1 } }
}
