/** What is read of a document written by others; more is a DocumentFault `limit-exceeded`. */
export const limits = {
  /** Characters of a whole document. */
  document: 256 * 1024 * 1024,
  /** Components or packages, nested ones included. */
  components: 500_000,
  /** Components inside components. */
  depth: 64,
  /** Characters of one text: a licence, a description. */
  text: 1024 * 1024,
  /** Items of a list that belongs to one component: properties, locations, licences. */
  list: 100_000,
} as const
