import type { Migration } from './migrate.ts'

/** The migrations as a module: the bundled command has no folder to read them from. */
export function migrationModule(migrations: readonly Migration[]): string {
  const entries = migrations.map(
    ({ name, sql }) =>
      `  {\n    name: '${name}',\n    sql: \`${sql.replaceAll(/[\\`]|\$\{/g, (found) => `\\${found}`)}\`,\n  },\n`,
  )
  return [
    '/** Printed by `npm run generate` from the files in `migrations/`. */',
    "import type { Migration } from '../migrate.ts'",
    '',
    'export const migrations: readonly Migration[] = [',
    `${entries.join('')}]`,
    '',
  ].join('\n')
}
