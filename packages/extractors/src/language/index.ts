import type { Extractor } from '../extractor.ts'
import { bitnamiSpdx } from './bitnami/spdx/index.ts'
import { dotnetDepsJson } from './dotnet/deps-json/index.ts'
import { dotnetNuspec } from './dotnet/nuspec/index.ts'
import { dotnetPackagesConfig } from './dotnet/packages-config/index.ts'
import { javaArchive } from './java/archive/index.ts'
import { javaRelease } from './java/release/index.ts'
import { nodePackageJson } from './node/package-json/index.ts'
import { composerInstalled } from './php/installed-json/index.ts'
import { pythonArchive } from './python/archive/index.ts'
import { condaMeta } from './python/conda-meta/index.ts'
import { pythonMetadata } from './python/metadata/index.ts'
import { rDescription } from './r/description/index.ts'
import { rubyGemspec } from './ruby/gemspec/index.ts'

/**
 * By id. Every one reads what an installer left beside what it installed; lock files and requirement lists (package-lock,
 * yarn.lock, pnpm-lock, composer.lock, Gemfile.lock, Cargo.lock, packages.lock.json, requirements.txt) say what was
 * meant to be installed, perhaps elsewhere, and are not wanted by any.
 */
export const languageExtractors: readonly Extractor[] = [
  bitnamiSpdx,
  dotnetDepsJson,
  dotnetNuspec,
  dotnetPackagesConfig,
  javaArchive,
  javaRelease,
  nodePackageJson,
  composerInstalled,
  pythonArchive,
  condaMeta,
  pythonMetadata,
  rDescription,
  rubyGemspec,
]
