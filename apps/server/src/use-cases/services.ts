/** Everything that a dialect can ask for: one member a noun, each made in its own file of this folder. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the nouns
export interface Services {}
