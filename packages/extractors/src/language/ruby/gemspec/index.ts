import { defineExtractor, ExtractFault, MiB } from '../../../extractor.ts'
import { parseGemspec } from './gemspec.ts'

/**
 * The specification that RubyGems writes for every gem it installs, default gems and Debian's included. It is Ruby, read
 * by its fixed shape and never evaluated. Gemspecs in a gem's own folder are written by hand and not wanted; nor are
 * Gemfile.lock and the checkouts under `bundler/gems`, which leave no specification.
 * https://guides.rubygems.org/specification-reference/
 */
export const rubyGemspec = defineExtractor({
  id: 'language/ruby/gemspec',
  revision: 1,
  finds: 'installed Ruby gems',
  wants: { paths: ['**/specifications/*.gemspec', '**/specifications/default/*.gemspec'] },
  maxBytes: 4 * MiB,
  *extract(file) {
    const gemspec = parseGemspec(file.bytes.text()) ?? splitFileName(file.path)
    if (!gemspec) throw new ExtractFault('malformed', `${file.path} states no name and version of a gem`)
    const { name, version, platform, licenses } = gemspec
    yield {
      kind: 'package',
      type: 'gem',
      name,
      version,
      ...(licenses.length > 0 ? { licenses } : {}),
      ...(platform && platform !== 'ruby' ? { qualifiers: { platform } } : {}),
      confidence: gemspec.stated ? 'declared' : 'inferred',
    }
  },
})

/** `name-version[-platform].gemspec`, as RubyGems names the file. */
function splitFileName(path: string): ReturnType<typeof parseGemspec> {
  const stem = path.slice(path.lastIndexOf('/') + 1).replace(/\.gemspec$/, '')
  const match =
    /^(?<name>[A-Za-z0-9._-]{1,200}?)-(?<version>\d+(?:\.[A-Za-z0-9]+)*)(?:-(?<platform>[a-z][\w.-]*))?$/.exec(
      stem.slice(0, 400),
    )?.groups
  if (!match) return undefined
  return {
    name: match['name'],
    version: match['version'],
    platform: match['platform'],
    licenses: [],
    stated: false,
  }
}
