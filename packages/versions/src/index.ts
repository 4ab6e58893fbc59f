import type { Scheme, SchemeId } from './scheme.ts'
import { apk } from './schemes/apk/index.ts'
import { bitnami } from './schemes/bitnami/index.ts'
import { cargo } from './schemes/cargo/index.ts'
import { composer } from './schemes/composer/index.ts'
import { conda } from './schemes/conda/index.ts'
import { cran } from './schemes/cran/index.ts'
import { deb } from './schemes/deb/index.ts'
import { gem } from './schemes/gem/index.ts'
import { go } from './schemes/go/index.ts'
import { goToolchain } from './schemes/go-toolchain/index.ts'
import { hackage } from './schemes/hackage/index.ts'
import { hex } from './schemes/hex/index.ts'
import { julia } from './schemes/julia/index.ts'
import { maven } from './schemes/maven/index.ts'
import { npm } from './schemes/npm/index.ts'
import { nuget } from './schemes/nuget/index.ts'
import { opam } from './schemes/opam/index.ts'
import { pacman } from './schemes/pacman/index.ts'
import { pep440 } from './schemes/pep440/index.ts'
import { pub } from './schemes/pub/index.ts'
import { rpm } from './schemes/rpm/index.ts'
import { semver } from './schemes/semver/index.ts'

export { comparator, type Order, order } from './order.ts'
export { defineScheme, longestVersion, type Scheme, type SchemeId } from './scheme.ts'

/** Every scheme by its id. */
export const schemes: Readonly<Record<SchemeId, Scheme>> = Object.freeze({
  apk,
  bitnami,
  cargo,
  composer,
  conda,
  cran,
  deb,
  gem,
  go,
  'go-toolchain': goToolchain,
  hackage,
  hex,
  julia,
  maven,
  npm,
  nuget,
  opam,
  pacman,
  pep440,
  pub,
  rpm,
  semver,
})
