/** `npm run check`: formatting, lint, types, generated files. `npm run fix`: mends what can be mended by itself. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const fix = process.argv.includes('--fix')
const bin = (name: string) => join(root, 'node_modules', '.bin', name)

const steps: readonly (readonly [name: string, program: string, args: readonly string[]])[] = [
  [
    'format and lint',
    bin('biome'),
    ['check', ...(fix ? ['--write'] : []), '--error-on-warnings', '--max-diagnostics=50', '.'],
  ],
  ['types', bin('tsc'), ['-p', '.']],
  ['generated files', process.execPath, ['tools/generate.ts', ...(fix ? [] : ['--check'])]],
]

let failed = 0
for (const [name, program, args] of steps) {
  const started = performance.now()
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (status === 0) {
    process.stdout.write(`ok   ${name} (${seconds} s)\n`)
    continue
  }
  failed++
  process.stdout.write(`FAIL ${name} (${seconds} s)\n${stdout}${stderr}\n`)
}
process.exitCode = failed > 0 ? 1 : 0
