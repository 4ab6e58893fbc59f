import { defineExtractor, ExtractFault, MiB } from '../../../extractor.ts'
import { readAttributes, withoutComments } from '../xml-text.ts'

/**
 * The list that NuGet keeps for .NET Framework projects, deployed with web applications.
 * https://learn.microsoft.com/en-us/nuget/reference/packages-config
 */
export const dotnetPackagesConfig = defineExtractor({
  id: 'language/dotnet/packages-config',
  revision: 1,
  finds: 'NuGet packages of .NET Framework applications',
  wants: { paths: ['**/packages.config'] },
  maxBytes: 4 * MiB,
  *extract(file) {
    const xml = withoutComments(file.bytes.text())
    if (!/<packages[\s/>]/.test(xml))
      throw new ExtractFault('malformed', `${file.path} has no packages element`)
    for (const [tag] of xml.matchAll(/<package\s[^<>]*>/g)) {
      const attributes = readAttributes(tag)
      const name = attributes.get('id')
      const version = attributes.get('version')
      if (!name || !version || !/^[\w.-]{1,128}$/.test(name) || !/^\d[\w.+-]{0,127}$/.test(version)) continue
      yield {
        kind: 'package',
        type: 'nuget',
        name,
        version,
        ...(attributes.get('developmentDependency') === 'true' ? { development: true } : {}),
        confidence: 'declared',
      }
    }
    if (!xml.includes('</packages') && !/<packages[^<>]*\/>/.test(xml)) {
      throw new ExtractFault('truncated', `${file.path} ends before its packages element does`)
    }
  },
})
