import { defineExtractor, ExtractFault, MiB } from '../../../extractor.ts'
import { readJsonObject, textMember } from '../../json-document.ts'

/**
 * The record that conda, mamba and micromamba keep of every package in an environment.
 * https://docs.conda.io/projects/conda/en/latest/dev-guide/api/conda/core/prefix_data/index.html
 */
export const condaMeta = defineExtractor({
  id: 'language/python/conda-meta',
  revision: 1,
  finds: 'packages installed by conda',
  wants: { paths: ['**/conda-meta/*.json'] },
  maxBytes: 32 * MiB,
  *extract(file) {
    const record = readJsonObject(file)
    const name = textMember(record, 'name')
    const version = textMember(record, 'version')
    if (!name || !version) throw new ExtractFault('malformed', `${file.path} lacks a name or a version`)
    const build = textMember(record, 'build') ?? textMember(record, 'build_string')
    const subdir = textMember(record, 'subdir')
    const license = textMember(record, 'license')
    const channel = textMember(record, 'channel')
      ?.split('/')
      .filter((part) => part && part !== subdir)
      .at(-1)
    yield {
      kind: 'package',
      type: 'conda',
      name,
      version,
      ...(license ? { licenses: [license] } : {}),
      qualifiers: {
        ...(build ? { build } : {}),
        ...(channel ? { channel } : {}),
        ...(subdir ? { subdir } : {}),
      },
      confidence: 'declared',
    }
  },
})
