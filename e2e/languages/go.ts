import { cpSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { output } from '../process.ts'
import { madeFolder, newFolder } from '../suite.ts'

/** Debian's own Go programs that the suite drives anyway. */
const debianPrograms = ['/usr/bin/skopeo', '/usr/bin/docker-registry']

/**
 * A program built here from modules in a vendor folder, one of them replaced, and Debian's programs. Answers with
 * `program module version` for whatever `go version -m` prints, the toolchain as `stdlib`.
 */
export async function goContent(tree: string): Promise<readonly string[]> {
  const place = madeFolder(tree, 'usr', 'local', 'bin')
  await buildProgram(join(place, 'lanner-tool'))
  for (const program of debianPrograms) cpSync(program, join(place, basename(program)), { dereference: true })
  const listed = await output('go', ['version', '-m', place])
  return [...new Set(rowsOf(listed))].sort()
}

async function buildProgram(target: string): Promise<void> {
  const folder = newFolder('go')
  const vendor = madeFolder(folder, 'vendor')
  const modules = [
    ['example.com/strings', 'v1.4.2', ''],
    ['example.com/replaced', 'v0.1.0', 'example.com/fork/replaced v0.2.0-rc.1'],
  ] as const
  const replaced = modules.filter(([, , by]) => by)
  for (const [path] of modules) {
    const name = basename(path)
    writeFileSync(
      join(madeFolder(vendor, path), `${name}.go`),
      `package ${name}\n\nfunc Name() string { return "${name}" }\n`,
    )
  }
  writeFileSync(
    join(folder, 'go.mod'),
    [
      'module example.com/team/lanner-tool',
      'go 1.19',
      ...modules.map(([path, version]) => `require ${path} ${version}`),
      ...replaced.map(([path, version, by]) => `replace ${path} ${version} => ${by}`),
    ].join('\n\n'),
  )
  writeFileSync(
    join(vendor, 'modules.txt'),
    modules
      .map(([path, version, by]) => `# ${path} ${version}${by ? ` => ${by}` : ''}\n## explicit\n${path}\n`)
      .join(''),
  )
  const imports = modules.map(([path]) => `\t"${path}"\n`).join('')
  const names = modules.map(([path]) => `${basename(path)}.Name()`).join(', ')
  writeFileSync(
    join(folder, 'main.go'),
    `package main\n\nimport (\n${imports})\n\nfunc main() { println(${names}) }\n`,
  )
  const env = {
    ...process.env,
    GOFLAGS: '-mod=vendor',
    GOPROXY: 'off',
    GOTOOLCHAIN: 'local',
    GO111MODULE: 'on',
    CGO_ENABLED: '0',
    GOCACHE: newFolder('gocache'),
    GOPATH: newFolder('gopath'),
  }
  await output('go', ['build', '-o', target, '.'], { cwd: folder, env })
}

/**
 * Reads what `go version -m` prints: a line per program, then `mod`, `dep` and `=>` lines behind tabs. What replaces a
 * module is what was built.
 */
function rowsOf(listed: string): readonly string[] {
  const rows: string[] = []
  let program = ''
  for (const line of listed.trim().split('\n')) {
    const [kind, path, version] = line.trimStart().split('\t')
    if (!line.startsWith('\t')) {
      const [place, toolchain] = line.split(': go') as [string, string]
      program = basename(place)
      rows.push(`${program} stdlib ${toolchain}`)
    } else if (kind === 'mod' || kind === 'dep') rows.push(`${program} ${path} ${version}`)
    else if (kind === '=>') rows.splice(-1, 1, `${program} ${path} ${version}`)
  }
  return rows
}
