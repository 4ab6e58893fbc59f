import { defineExtractor, ExtractFault, MiB } from '../../../extractor.ts'
import { elementText, readAttributes, withoutComments } from '../xml-text.ts'

/**
 * Packages unpacked into NuGet's global or fallback folder (`<name>/<version>/<name>.nuspec`), from where applications that
 * were built in the image and tools of the SDK load them.
 * https://learn.microsoft.com/en-us/nuget/reference/nuspec
 */
export const dotnetNuspec = defineExtractor({
  id: 'language/dotnet/nuspec',
  revision: 1,
  finds: 'NuGet packages in the global and fallback folders',
  wants: { paths: ['**/.nuget/packages/*/*/*.nuspec', '**/NuGetFallbackFolder/*/*/*.nuspec'] },
  maxBytes: 4 * MiB,
  *extract(file) {
    const xml = withoutComments(file.bytes.text())
    const name = elementText(xml, 'id')
    const version = elementText(xml, 'version')
    if (!name || !version || !/^[\w.-]{1,128}$/.test(name) || !/^\d[\w.+-]{0,127}$/.test(version)) {
      throw new ExtractFault('malformed', `${file.path} states no id and version`)
    }
    // Of the two kinds of licence element only an expression is a licence; the other names a file.
    const tag = /<license\s[^<>]*>/.exec(xml)?.[0]
    const license =
      tag && readAttributes(tag).get('type') === 'expression' ? elementText(xml, 'license') : undefined
    yield {
      kind: 'package',
      type: 'nuget',
      name,
      version,
      ...(license ? { licenses: [license] } : {}),
      confidence: 'declared',
    }
  },
})
