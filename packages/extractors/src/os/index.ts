import type { Extractor } from '../extractor.ts'
import { apk } from './apk/index.ts'
import { chisel } from './chisel/index.ts'
import { dpkg } from './dpkg/index.ts'
import { dpkgCopyright } from './dpkg-copyright/index.ts'
import { dpkgFiles } from './dpkg-files/index.ts'
import { lsbRelease } from './lsb-release/index.ts'
import { opkg } from './opkg/index.ts'
import { osRelease } from './os-release/index.ts'
import { pacman } from './pacman/index.ts'
import { releaseLine } from './release-line/index.ts'
import { rpm } from './rpm/index.ts'
import { rpmManifest } from './rpm-manifest/index.ts'

/** Extractors of distributions and their package databases, by id. */
export const osExtractors: readonly Extractor[] = [
  apk,
  chisel,
  dpkg,
  dpkgCopyright,
  dpkgFiles,
  lsbRelease,
  opkg,
  osRelease,
  pacman,
  releaseLine,
  rpm,
  rpmManifest,
]
