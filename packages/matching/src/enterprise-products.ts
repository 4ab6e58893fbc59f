/**
 * Red Hat and SUSE publish for products and repositories, not for releases: an image must be mapped to the products whose
 * packages it may hold.
 */

/** Repositories that every subscription of a release carries, as the tails of their CPEs. */
const redHatRepositories: Readonly<Record<string, readonly string[]>> = {
  '5': ['server'],
  '6': ['server', 'computenode', 'workstation'],
  '7': ['server', 'computenode', 'workstation', 'client'],
}
const redHatModernRepositories = ['baseos', 'appstream', 'crb', 'supplementary']

/**
 * `Red Hat:<CPE tail>` for an image: by the CPEs of its content sets, else by release to the repositories that UBI and RHEL
 * images are built from. Undefined when neither is known.
 * https://www.redhat.com/en/blog/vulnerability-scanning-container-images-cpe-mapping
 */
export function redHatEcosystems(
  version: string | undefined,
  repositoryCpes: readonly string[],
): readonly string[] | undefined {
  const tails = new Set<string>()
  for (const cpe of repositoryCpes.slice(0, 1_000)) {
    const tail = redHatTail(cpe)
    if (!tail) continue
    tails.add(tail)
    // What has no erratum is stated for the product, without a repository.
    const product = tail.split('::', 1)[0]
    tails.add(product)
    const release = product.match(/^(?:rhel_[a-z0-9_]+|enterprise_linux(?:_eus)?):(\d+)/)?.[1]
    if (release) tails.add(`enterprise_linux:${release}`)
    const mainline = product.match(/^enterprise_linux:(\d+)(?:\.(\d+))?$/)
    for (const base of mainline ? redHatMinors(mainline[1], mainline[2] ?? version?.split('.')[1]) : [])
      tails.add(`enterprise_linux:${base}`)
  }
  if (tails.size > 0) return [...tails].map((tail) => `Red Hat:${tail}`)
  const release = version?.match(/^(\d+)(?:\.(\d+))?/)
  if (!release) return undefined
  const [, major, minor] = release
  const repositories = redHatRepositories[major] ?? redHatModernRepositories
  return [major, ...redHatMinors(major, minor)].flatMap((base) => [
    ...repositories.map((repository) => `Red Hat:enterprise_linux:${base}::${repository}`),
    `Red Hat:enterprise_linux:${base}`,
  ])
}

/** The last minor release of a major one. https://access.redhat.com/support/policy/updates/errata */
const lastMinor = 10

/**
 * Since RHEL 10 errata name the minor release that was current when they came out, so that those for an older image name a
 * later one: there are no fixes for 10.0 once there is 10.1, except for subscribers, whose products are called otherwise.
 */
function redHatMinors(major: string, minor: string | undefined): string[] {
  if (Number(major) < 10) return []
  const from = Number(minor ?? 0)
  return Array.from({ length: Math.max(1, lastMinor - from + 1) }, (_, later) => `${major}.${from + later}`)
}

/** `enterprise_linux:8::baseos` of `cpe:/o:redhat:enterprise_linux:8::baseos` and of the 2.3 form of the same. */
function redHatTail(cpe: string): string | undefined {
  if (cpe.length > 512) return undefined
  const uri = cpe.match(/^cpe:\/[aoh]:redhat:([^*]+)$/)?.[1]
  if (uri) return uri.replace(/:+$/, '')
  const formatted = cpe.match(/^cpe:2\.3:[aoh]:redhat:(.+)$/)?.[1]
  if (!formatted) return undefined
  const [product, version = '*', , edition = '*'] = formatted.split(':')
  if (version === '*' || version === '-') return product
  return edition === '*' || edition === '-' ? `${product}:${version}` : `${product}:${version}::${edition}`
}

const suseServers: Readonly<Record<string, string>> = {
  sles: 'Linux Enterprise Server',
  sled: 'Linux Enterprise Desktop',
  sles_sap: 'Linux Enterprise Server for SAP Applications',
  sle_hpc: 'Linux Enterprise High Performance Computing',
}
const suseModules15 = [
  'Basesystem',
  'Server Applications',
  'Development Tools',
  'Desktop Applications',
  'Containers',
  'Python 3',
  'Web and Scripting',
  'Legacy',
  'Public Cloud',
  'Certifications',
  'Package Hub',
  'Open Buildservice Development Tools',
  'Realtime packages',
]
const suseModules12 = [
  'Legacy Software',
  'Containers',
  'Web and Scripting',
  'Public Cloud',
  'Toolchain',
  'Certifications',
]

/**
 * `SUSE:<product>` for an image. It says only `15.5`, and any module of that service pack may have brought a package, so
 * all common ones are asked; a package of a module that is not listed here is not found.
 * https://ftp.suse.com/pub/projects/security/osv/
 */
export function suseEcosystems(id: string, version: string | undefined): readonly string[] | undefined {
  const release = version?.match(/^(\d+)(?:\.(\d+))?/)
  if (!release) return undefined
  const [, major, minor = '0'] = release
  if (id === 'sle-micro' || id === 'suse-microos') return [`SUSE:Linux Enterprise Micro ${major}.${minor}`]
  if (id === 'sl-micro') return [`SUSE:Linux Micro ${major}.${minor}`]
  if (Number(major) >= 16) return [`SUSE:${suseServers[id]} ${major}.${minor}`]
  const pack = minor === '0' ? major : `${major} SP${minor}`
  const products = [`${suseServers[id]} ${pack}`]
  if (id !== 'sles') products.push(`Linux Enterprise Server ${pack}`)
  products.push(
    `${suseServers[id]} ${pack}-LTSS`,
    `Linux Enterprise Server ${pack}-LTSS`,
    `Linux Enterprise Server ${pack} LTSS`,
  )
  // Where development packages came from before there were modules for them.
  if (Number(major) < 15) products.push(`Linux Enterprise Software Development Kit ${pack}`)
  if (major === '15') {
    products.push(
      ...suseModules15.map((module) => `Linux Enterprise Module for ${module} ${pack}`),
      `Package Hub ${pack}`,
    )
  }
  if (major === '12') {
    products.push(
      ...suseModules12.map((module) => `Linux Enterprise Module for ${module} 12`),
      'Package Hub 12',
    )
  }
  return [...new Set(products)].map((product) => `SUSE:${product}`)
}
