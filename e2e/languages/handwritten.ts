import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { output } from '../process.ts'
import { madeFolder, newFolder } from '../suite.ts'

/**
 * A program with the audit record of `cargo auditable`, put in by objcopy.
 * https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md
 */
export async function rustContent(tree: string): Promise<readonly string[]> {
  const record = {
    packages: [
      { name: 'adler', version: '1.0.2', source: 'registry' },
      { name: 'lanner-rust', version: '0.3.0', source: 'local', dependencies: [0, 2], root: true },
      { name: 'smallvec', version: '1.6.0', source: 'crates.io' },
      { name: 'cc', version: '1.0.83', source: 'crates.io', kind: 'build' },
    ],
  }
  const section = join(newFolder('rust'), 'dep-v0')
  writeFileSync(section, deflateSync(JSON.stringify(record)))
  const program = join(madeFolder(tree, 'opt', 'rust'), 'lanner-rust')
  await output('objcopy', [`--add-section=.dep-v0=${section}`, '/bin/true', program])
  return ['adler 1.0.2', 'cc 1.0.83', 'lanner-rust 0.3.0', 'smallvec 1.6.0']
}

/** What `dotnet publish` writes beside an application; the application itself is a project, and no package. */
export function dotnetContent(tree: string): readonly string[] {
  const target = {
    'Shop/1.0.0': { dependencies: { 'Newtonsoft.Json': '12.0.1' }, runtime: { 'Shop.dll': {} } },
    'Newtonsoft.Json/12.0.1': { runtime: { 'lib/netstandard2.0/Newtonsoft.Json.dll': {} } },
    'System.Text.Encodings.Web/4.7.1': {
      runtime: { 'lib/netstandard2.0/System.Text.Encodings.Web.dll': {} },
    },
  }
  const library = (type: string) => ({ type, serviceable: type === 'package', sha512: '' })
  const document = {
    runtimeTarget: { name: '.NETCoreApp,Version=v8.0', signature: '' },
    targets: { '.NETCoreApp,Version=v8.0': target },
    libraries: Object.fromEntries(
      Object.keys(target).map((key) => [key, library(key.startsWith('Shop/') ? 'project' : 'package')]),
    ),
  }
  writeFileSync(join(madeFolder(tree, 'opt', 'dotnet'), 'Shop.deps.json'), JSON.stringify(document))
  return ['Newtonsoft.Json 12.0.1', 'System.Text.Encodings.Web 4.7.1']
}

/** What Composer 2 keeps in its vendor folder. */
export function phpContent(tree: string): readonly string[] {
  const packages = [
    { name: 'guzzlehttp/guzzle', version: '6.5.0', version_normalized: '6.5.0.0', license: ['MIT'] },
    { name: 'symfony/http-kernel', version: 'v4.4.0', version_normalized: '4.4.0.0', license: ['MIT'] },
    { name: 'phpunit/phpunit', version: '9.5.0', version_normalized: '9.5.0.0', license: ['BSD-3-Clause'] },
  ]
  const document = { packages, dev: true, 'dev-package-names': ['phpunit/phpunit'] }
  writeFileSync(
    join(madeFolder(tree, 'srv', 'php', 'vendor', 'composer'), 'installed.json'),
    JSON.stringify(document),
  )
  return ['guzzlehttp/guzzle 6.5.0', 'phpunit/phpunit 9.5.0', 'symfony/http-kernel v4.4.0']
}
