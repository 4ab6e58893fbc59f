import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { layoutFromTar } from '../bench/image.ts'
import { output } from './process.ts'
import { newFolder } from './suite.ts'

/** A real Debian image, and what dpkg itself says is in it. */
export interface DebianImage {
  /** OCI layout of one gzip layer. */
  readonly layout: string
  readonly packages: readonly InstalledPackage[]
}

/** A line of dpkg-query. */
export interface InstalledPackage {
  readonly name: string
  readonly version: string
  readonly arch: string
  readonly source: string
  readonly sourceVersion: string
}

const suite = 'bookworm'
const wanted = ['ca-certificates', 'curl', 'openssl', 'perl', 'python3']

let made: Promise<DebianImage> | undefined

/** Built once for all files of the suite. */
export function debianImage(): Promise<DebianImage> {
  made ??= build()
  return made
}

async function build(): Promise<DebianImage> {
  const folder = newFolder('debian')
  const rootFileSystem = join(folder, 'rootfs.tar')
  const temporary = join(folder, 'tmp')
  mkdirSync(temporary, { mode: 0o777 })
  await output(
    'mmdebstrap',
    [
      '--variant=minbase',
      '--mode=root',
      '--skip=check/empty',
      '--quiet',
      `--include=${wanted.join(',')}`,
      suite,
      rootFileSystem,
    ],
    { env: { ...process.env, TMPDIR: temporary }, limit: 300_000 },
  )
  const layout = join(folder, 'layout')
  const [packages] = await Promise.all([
    queryPackages(rootFileSystem, folder),
    layoutFromTar(rootFileSystem, layout),
  ])
  return { layout, packages }
}

async function queryPackages(rootFileSystem: string, folder: string): Promise<readonly InstalledPackage[]> {
  await output('tar', ['--extract', `--file=${rootFileSystem}`, `--directory=${folder}`, './var/lib/dpkg'])
  const fields = [
    'db:Status-Status',
    'Package',
    'Version',
    'Architecture',
    'source:Package',
    'source:Version',
  ]
  const format = `${fields.map((field) => `\${${field}}`).join('\t')}\n`
  const lines = await output('dpkg-query', [
    `--admindir=${join(folder, 'var/lib/dpkg')}`,
    '--show',
    `--showformat=${format}`,
  ])
  return lines
    .trim()
    .split('\n')
    .map((line) => line.split('\t') as [string, string, string, string, string, string])
    .filter(([status]) => status === 'installed')
    .map(([, name, version, arch, source, sourceVersion]) => ({ name, version, arch, source, sourceVersion }))
}

/** For each pair of versions, whether dpkg itself orders the first before the second. */
export async function dpkgOrders(pairs: readonly (readonly [string, string])[]): Promise<readonly boolean[]> {
  const script = 'while read -r a b; do dpkg --compare-versions "$a" lt "$b"; echo $?; done'
  const input = pairs.map((pair) => `${pair.join(' ')}\n`).join('')
  const codes = (await output('sh', ['-c', script], { input })).trim().split('\n')
  if (codes.length !== pairs.length || codes.some((code) => code !== '0' && code !== '1'))
    throw new Error(`dpkg --compare-versions answered ${codes.join(' ')}`)
  return codes.map((code) => code === '0')
}
