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
    path: 'admission',
    summary: 'Serve an admission webhook: Kubernetes runs what policies let pass',
    load: async () => (await import('./commands/admission.ts')).admission,
  },
  {
    path: 'doctor',
    summary: 'Look at a server and its data directory, and say what is wrong and what to do',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    path: 'api',
    summary: 'Call any operation of the API',
    load: async () => (await import('./commands/api.ts')).api,
  },
  {
    path: 'policy-check',
    summary: 'Ask a running server whether an image may pass: for pipelines',
    load: async () => (await import('./commands/policy-check.ts')).policyCheck,
  },
  {
    path: 'client create',
    summary: 'Create an API client of a running server and show its secret once',
    load: async () => (await import('./commands/client/create.ts')).clientCreate,
  },
  {
    path: 'client list',
    summary: 'List the API clients of a running server',
    load: async () => (await import('./commands/client/list.ts')).clientList,
  },
  {
    path: 'client revoke',
    summary: 'Revoke API clients of a running server: their tokens end at once',
    load: async () => (await import('./commands/client/revoke.ts')).clientRevoke,
  },
  {
    path: 'policy list',
    summary: 'List the policies of a running server in their order',
    load: async () => (await import('./commands/policy/list.ts')).policyList,
  },
  {
    path: 'policy show',
    summary: 'Show one policy of a running server',
    load: async () => (await import('./commands/policy/show.ts')).policyShow,
  },
  {
    path: 'policy export',
    summary: 'Write policies, groups and exclusions of a running server as one document',
    load: async () => (await import('./commands/policy/export.ts')).policyExport,
  },
  {
    path: 'policy diff',
    summary: 'Show what a document would change of the policies of a running server',
    load: async () => (await import('./commands/policy/diff.ts')).policyDiff,
  },
  {
    path: 'policy apply',
    summary: 'Make the policies of a running server what a document says',
    load: async () => (await import('./commands/policy/apply.ts')).policyApply,
  },
  {
    path: 'policy preview',
    summary: 'Show which images a document of policies would pass or deny otherwise',
    load: async () => (await import('./commands/policy/preview.ts')).policyPreview,
  },
  {
    path: 'policy changes',
    summary: 'Show who changed policies of a running server, and when',
    load: async () => (await import('./commands/policy/changes.ts')).policyChanges,
  },
  {
    path: 'policy exclusions',
    summary: 'Show the exclusions of a running server, when they end and whether they cover anything',
    load: async () => (await import('./commands/policy/exclusions.ts')).policyExclusions,
  },
  {
    path: 'vex import',
    summary: 'Make exclusions of what VEX documents say to be not affected or fixed',
    load: async () => (await import('./commands/vex/import.ts')).vexImport,
  },
  {
    path: 'vex export',
    summary: 'Write the exclusions of a running server as OpenVEX',
    load: async () => (await import('./commands/vex/export.ts')).vexExport,
  },
  {
    path: 'export',
    summary: "Write all rows of a server's database to one file",
    load: async () => (await import('./commands/export.ts')).exportAll,
  },
  {
    path: 'import',
    summary: 'Read what `lanner export` wrote into an empty database',
    load: async () => (await import('./commands/import.ts')).importAll,
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
