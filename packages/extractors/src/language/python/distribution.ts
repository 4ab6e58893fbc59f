import type { Confidence } from '@lanner/model'
import type { PackageObservation } from '../../extractor.ts'
import { firstHeader, type Headers } from '../headers.ts'

const nameShape = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/
/** What follows need not be a version of PEP 440: whoever compares versions says so then. */
const versionShape = /^[A-Za-z0-9][\w.!+-]*$/

/**
 * The distribution that a METADATA or PKG-INFO describes; where name or version are missing there, the `name-version` of
 * its folder or file stands in (`inferred`). Undefined when neither gives both.
 * https://packaging.python.org/en/latest/specifications/core-metadata/
 * https://packaging.python.org/en/latest/specifications/recording-installed-packages/#the-dist-info-directory
 */
export function distributionOf(
  headers: Headers,
  label: string,
  confidence: Confidence,
): PackageObservation | undefined {
  const stated = { name: firstHeader(headers, 'name'), version: firstHeader(headers, 'version') }
  const complete = isName(stated.name) && isVersion(stated.version)
  const { name, version } = complete ? stated : splitLabel(label)
  if (!isName(name) || !isVersion(version)) return undefined
  const licenses = complete ? licensesOf(headers) : []
  return {
    kind: 'package',
    type: 'pypi',
    name,
    version,
    ...(licenses.length > 0 ? { licenses } : {}),
    confidence: complete ? confidence : 'inferred',
  }
}

function isName(name: string | undefined): name is string {
  return name !== undefined && name.length <= 256 && nameShape.test(name)
}

function isVersion(version: string | undefined): version is string {
  return version !== undefined && version.length <= 256 && versionShape.test(version)
}

/** `zipp-3.12.1.dist-info`, `distlib-0.3.1-py3.9.egg-info`, `monotonic-1.6-py3.10.egg`; hyphens in names are underscores. */
function splitLabel(label: string): { name?: string; version?: string } {
  const stem = label.replace(/\.(?:dist-info|egg-info|egg|whl)$/i, '')
  const [name, version] = stem.split('-', 2)
  return version !== undefined && /^\d/.test(version) ? { name, version } : {}
}

/** `License-Expression`, else a `License` that is one name and not a whole text, else the licence classifiers. */
function licensesOf(headers: Headers): string[] {
  const expression = firstHeader(headers, 'license-expression')
  if (expression) return [expression]
  const license = firstHeader(headers, 'license')
  if (license && license.length <= 200 && license !== 'UNKNOWN') return [license]
  const classifiers = headers.get('classifier') ?? []
  return classifiers
    .filter((classifier) => classifier.startsWith('License ::'))
    .map((classifier) => classifier.slice(classifier.lastIndexOf('::') + 2).trim())
    .filter((name) => name !== '' && name !== 'OSI Approved')
}
