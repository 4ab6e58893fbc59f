import { defineExtractor, MiB } from '../../../extractor.ts'
import { readJson } from '../../json-document.ts'
import { composerPackages } from './composer.ts'

/**
 * What Composer has installed, by the record it keeps beside the packages: `vendor/composer/installed.json`, whatever the
 * vendor folder is called. A composer.lock says what was meant to be installed, perhaps elsewhere or with other options,
 * and is no evidence in an image.
 * https://getcomposer.org/doc/07-runtime.md#installed-versions
 */
export const composerInstalled = defineExtractor({
  id: 'language/php/installed-json',
  revision: 1,
  finds: 'PHP packages installed by Composer',
  wants: { paths: ['**/composer/installed.json'] },
  maxBytes: 32 * MiB,
  *extract(file) {
    yield* composerPackages(readJson(file), file.path)
  },
})
