import type { Command } from './command.ts'

/** A command's place in the overview; its file is only loaded when it is called or asked for help. */
export interface CommandEntry {
  readonly path: string
  readonly summary: string
  load(): Promise<Command>
}

export const commands: readonly CommandEntry[] = [
  {
    path: 'serve',
    summary: 'Start the platform: registry, assessment, API',
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  {
    path: 'scan',
    summary: 'Assess an image or a bill of materials: what is in it, what is wrong with it, what fixes it',
    load: async () => (await import('./commands/scan.ts')).scan,
  },
  {
    path: 'why',
    summary: 'Explain one vulnerability for one image: the finding, or why there is none',
    load: async () => (await import('./commands/why.ts')).why,
  },
  {
    path: 'advisories import',
    summary: 'Build the advisory store from a folder in the layout of the public OSV bucket',
    load: async () => (await import('./commands/advisories/import.ts')).advisoriesImport,
  },
  {
    path: 'advisories update',
    summary: 'Download what changed in the public feeds into the advisory store',
    load: async () => (await import('./commands/advisories/update.ts')).advisoriesUpdate,
  },
  {
    path: 'advisories status',
    summary: 'Show what the advisory store holds and how old each source is',
    load: async () => (await import('./commands/advisories/status.ts')).advisoriesStatus,
  },
]

/** The entry that the arguments begin with, and what is left of them. */
export function findCommand(
  args: readonly string[],
): { entry: CommandEntry; rest: readonly string[] } | undefined {
  for (const length of [2, 1]) {
    const entry = commands.find((command) => command.path === args.slice(0, length).join(' '))
    if (entry) return { entry, rest: args.slice(length) }
  }
  return undefined
}
