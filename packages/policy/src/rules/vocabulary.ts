import type { Prop } from '../prop.ts'
import { arch } from './arch.ts'
import { assessment } from './assessment.ts'
import { baseOs } from './base-os.ts'
import { cpsRating } from './cps-rating.ts'
import { cve } from './cve.ts'
import { cvssScore } from './cvss-score.ts'
import { detectionName } from './detection-name.ts'
import { detectionSeverity } from './detection-severity.ts'
import { detectionType } from './detection-type.ts'
import { epss } from './epss.ts'
import { exploited } from './exploited.ts'
import { fixAgeDays } from './fix-age-days.ts'
import { fixAvailable } from './fix-available.ts'
import { imageAgeDays } from './image-age-days.ts'
import { layer } from './layer.ts'
import { license } from './license.ts'
import { packageName } from './package.ts'
import { packageType } from './package-type.ts'
import { path } from './path.ts'
import { publishedDays } from './published-days.ts'
import { purl } from './purl.ts'
import { registry } from './registry.ts'
import { repository } from './repository.ts'
import { runsAsRoot } from './runs-as-root.ts'
import { severity } from './severity.ts'
import { signed } from './signed.ts'
import { tag } from './tag.ts'
import { verdict } from './verdict.ts'

/** Everything that a condition can ask, by subject and name. */
export const vocabulary: readonly Prop[] = [
  cve,
  severity,
  cvssScore,
  cpsRating,
  epss,
  exploited,
  fixAvailable,
  fixAgeDays,
  publishedDays,
  packageType,
  verdict,
  layer,
  packageName,
  purl,
  license,
  path,
  detectionType,
  detectionName,
  detectionSeverity,
  registry,
  repository,
  tag,
  baseOs,
  arch,
  imageAgeDays,
  assessment,
  runsAsRoot,
  signed,
]
