import { parsePurl } from '@lanner/model'
import { defineExtractor, ExtractFault, MiB, type PackageObservation } from '../../../extractor.ts'
import { isJsonObject, type JsonObject, listMember, readJsonObject, textMember } from '../../json-document.ts'

const packageLimit = 10_000

/**
 * The SPDX document that Bitnami's images carry beside each component they built (`opt/bitnami/<name>/.spdx-<name>.spdx`).
 * Only what a `pkg:bitnami/` reference identifies is taken: what else it lists has evidence of its own in the image.
 * https://github.com/bitnami/vulndb#cve-feed, https://spdx.github.io/spdx-spec/v2.3/package-information/
 */
export const bitnamiSpdx = defineExtractor({
  id: 'language/bitnami/spdx',
  revision: 1,
  finds: 'components of Bitnami images',
  wants: { paths: ['opt/bitnami/**/.spdx-*.spdx'] },
  maxBytes: 32 * MiB,
  *extract(file) {
    const packages = listMember(readJsonObject(file), 'packages')
    if (packages.length > packageLimit) {
      throw new ExtractFault('limit-exceeded', `${file.path} lists ${packages.length} packages`)
    }
    for (const listed of packages) {
      const component = isJsonObject(listed) ? componentOf(listed) : undefined
      if (component) yield component
    }
  },
})

function componentOf(listed: JsonObject): PackageObservation | undefined {
  const purl = bitnamiPurl(listed)
  if (!purl?.version) return undefined
  const license = textMember(listed, 'licenseDeclared')
  const { arch, distro } = purl.qualifiers
  return {
    kind: 'package',
    type: 'bitnami',
    name: purl.name,
    version: purl.version,
    ...(arch ? { arch } : {}),
    ...(license && license !== 'NOASSERTION' && license !== 'NONE' ? { licenses: [license] } : {}),
    ...(distro ? { qualifiers: { distro } } : {}),
    confidence: 'declared',
  }
}

function bitnamiPurl(listed: JsonObject): ReturnType<typeof parsePurl> {
  for (const reference of listMember(listed, 'externalRefs')) {
    if (!isJsonObject(reference)) continue
    const locator = textMember(reference, 'referenceLocator', 4096)
    if (locator?.startsWith('pkg:bitnami/')) return parsePurl(locator)
  }
  return undefined
}
