import { formatPurl, type ImageFacts } from '@lanner/model'

/** `host[:port]/path`, then a tag, then a digest. */
const reference =
  /^(?<repository>(?=[^/]*[.:]|localhost)[a-z0-9.-]+(?::\d{1,5})?\/[a-z0-9._/-]+)(?::(?<tag>\w[\w.-]{0,127}))?(?:@[a-z0-9]+:[0-9a-f]+)?$/i

/**
 * `pkg:oci/debian@sha256:…?repository_url=docker.io%2Flibrary%2Fdebian`: the purl of an image in a registry; undefined for
 * one in a file, which has no repository. https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md
 */
export function imagePurl(image: ImageFacts): string | undefined {
  const found = reference.exec(image.reference)?.groups
  if (!found) return undefined
  const repository = found['repository'].toLowerCase()
  const name = repository.slice(repository.lastIndexOf('/') + 1)
  if (!name) return undefined
  return formatPurl({
    type: 'oci',
    name,
    version: image.manifestDigest,
    qualifiers: {
      repository_url: repository,
      arch: image.platform.architecture,
      ...(found['tag'] ? { tag: found['tag'] } : {}),
    },
  })
}
