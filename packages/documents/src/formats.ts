/** The formats that reports are written in. Behind a door of its own: who offers them need not load the writers. */
export const documentFormats = ['json', 'cyclonedx', 'spdx', 'sarif'] as const
/** One of `documentFormats`. */
export type DocumentFormat = (typeof documentFormats)[number]
