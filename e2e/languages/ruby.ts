import { cpSync, globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { output } from '../process.ts'
import { madeFolder, newFolder } from '../suite.ts'

/** Has Ruby evaluate every specification below a folder, and prints what RubyGems makes of it. */
const listing = `
Dir.glob(File.join(ARGV[0], '**/specifications/**/*.gemspec')).each do |path|
  gem = Gem::Specification.load(path)
  puts [gem.name, gem.version, gem.platform.to_s, gem.licenses.join(',')].join(' ')
end`

/**
 * Gems built and installed here, one of them for a platform, and the specifications of every gem of this machine's Ruby.
 * Answers with `name version platform licences`.
 */
export async function rubyContent(tree: string): Promise<readonly string[]> {
  const gems = madeFolder(tree, 'opt', 'gems')
  const folder = newFolder('gems')
  await installGem(folder, gems, { name: 'lanner-e2e', version: '3.4.5.pre1', platform: 'ruby' })
  await installGem(folder, gems, { name: 'lanner_native', version: '1.0', platform: 'x86_64-linux' })
  const folders: string[] = JSON.parse(
    await output('ruby', [
      '-rjson',
      '-e',
      'puts [*Gem.path, File.dirname(Gem.default_specifications_dir)].to_json',
    ]),
  )
  for (const specifications of folders.map((path) =>
    join(path.replace(/\/specifications$/, ''), 'specifications'),
  )) {
    for (const name of globSync('**/*.gemspec', { cwd: specifications })) {
      const from = join(specifications, name)
      cpSync(from, join(tree, from), { dereference: true })
    }
  }
  return (await output('ruby', ['-e', listing, tree])).trim().split('\n').sort()
}

async function installGem(
  folder: string,
  gems: string,
  { name, version, platform }: { name: string; version: string; platform: string },
): Promise<void> {
  const lines = [
    'Gem::Specification.new do |s|',
    `s.name = '${name}'; s.version = '${version}'; s.platform = '${platform}'`,
    "s.summary = 'made for a test'; s.authors = ['nobody']; s.files = []; s.licenses = ['MIT', 'Ruby']",
    'end',
  ]
  writeFileSync(join(folder, `${name}.gemspec`), `${lines.join('\n')}\n`)
  const built = join(folder, `${name}.gem`)
  await output('gem', ['build', '--quiet', '--output', built, `${name}.gemspec`], { cwd: folder })
  await output('gem', [
    'install',
    '--local',
    '--no-document',
    '--ignore-dependencies',
    '--install-dir',
    gems,
    built,
  ])
}
