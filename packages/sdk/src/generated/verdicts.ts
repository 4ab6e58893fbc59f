// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'

export interface ExcludedDetection {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly severity: 'critical' | 'high' | 'medium' | 'low' | 'negligible' | 'unknown'
  /** where in the image, without a leading slash; at most 10 */
  readonly paths: readonly string[]
  readonly exclusion: VerdictExclusion
}

export interface ExcludedPackage {
  readonly package_type: string
  /** name, with its namespace where the ecosystem has one */
  readonly package: string
  readonly version: string
  readonly licenses: readonly string[]
  /** where in the image, without a leading slash; at most 10 */
  readonly paths: readonly string[]
  readonly exclusion: VerdictExclusion
}

export interface ExcludedVulnerability {
  /** CVE name, or the id of an advisory */
  readonly vulnerability: string
  readonly aliases: readonly string[]
  readonly severity: 'critical' | 'high' | 'medium' | 'low' | 'negligible' | 'unknown'
  readonly verdict: 'affected' | 'unknown'
  readonly cvss_score: number | null
  readonly cps_rating: string
  readonly epss: number | null
  readonly exploited: boolean
  readonly fix_available: boolean
  readonly fixed_versions: readonly string[]
  readonly package_type: string
  /** name, with its namespace where the ecosystem has one */
  readonly package: string
  readonly version: string
  /** where in the image, without a leading slash; at most 10 */
  readonly paths: readonly string[]
  readonly exclusion: VerdictExclusion
}

export interface MatchedDetection {
  readonly id: string
  readonly type: string
  readonly name: string
  readonly severity: 'critical' | 'high' | 'medium' | 'low' | 'negligible' | 'unknown'
  /** where in the image, without a leading slash; at most 10 */
  readonly paths: readonly string[]
}

export interface MatchedPackage {
  readonly package_type: string
  /** name, with its namespace where the ecosystem has one */
  readonly package: string
  readonly version: string
  readonly licenses: readonly string[]
  /** where in the image, without a leading slash; at most 10 */
  readonly paths: readonly string[]
}

export interface MatchedVulnerability {
  /** CVE name, or the id of an advisory */
  readonly vulnerability: string
  readonly aliases: readonly string[]
  readonly severity: 'critical' | 'high' | 'medium' | 'low' | 'negligible' | 'unknown'
  readonly verdict: 'affected' | 'unknown'
  readonly cvss_score: number | null
  readonly cps_rating: string
  readonly epss: number | null
  readonly exploited: boolean
  readonly fix_available: boolean
  readonly fixed_versions: readonly string[]
  readonly package_type: string
  /** name, with its namespace where the ecosystem has one */
  readonly package: string
  readonly version: string
  /** where in the image, without a leading slash; at most 10 */
  readonly paths: readonly string[]
}

export interface Verdict {
  /** how far the image is assessed; none but the first is whole */
  readonly state: 'assessed' | 'partially' | 'unknown' | 'pending' | 'not_assessable'
  /** why it is not wholly assessed; empty when it is */
  readonly reason: string
  /** null where no image of that name is known */
  readonly image: VerdictImage | null
  /** null where no policy can say */
  readonly action: 'allow' | 'alert' | 'block' | null
  readonly deny: boolean | null
  /** that decided */
  readonly policy: VerdictPolicy | null
  /** through which the policy applies, where it has groups */
  readonly group: VerdictGroup | null
  /** of the policy, those that matched with the action */
  readonly rules: readonly VerdictRule[]
  readonly matched: VerdictMatches
  readonly excluded: VerdictExclusions
  /** RFC 3339 */
  readonly evaluated_at: string
  /** from when on it may be another although nothing changed; RFC 3339 */
  readonly valid_until: string | null
  /** with explain: why, a line a step, indented */
  readonly explanation: readonly string[]
}

export interface VerdictCondition {
  readonly prop: string
  /** spelled out where the policy leaves it out */
  readonly op: string
  readonly value: unknown
}

export interface VerdictExclusion {
  readonly id: string
  readonly description: string
  readonly author: string
  /** RFC 3339 */
  readonly expires_at: string | null
}

export interface VerdictExclusions {
  /** worst first */
  readonly vulnerabilities: readonly ExcludedVulnerability[]
  readonly packages: readonly ExcludedPackage[]
  readonly detections: readonly ExcludedDetection[]
  /** how many there are, of which limit may leave some out */
  readonly totals: {
    readonly vulnerabilities: number
    readonly packages: number
    readonly detections: number
  }
}

export interface VerdictGroup {
  readonly id: string
  readonly name: string
}

export interface VerdictImage {
  /** empty for an image that was pushed here */
  readonly registry: string
  readonly repository: string
  /** empty where the digest has no tag, or none any more */
  readonly tag: string
  /** of its manifest; of the index while that is being read */
  readonly image_digest: string
  /** of the index that it came with; empty where there is none */
  readonly index_digest: string
  readonly image_id: string
  readonly architecture: string
}

export interface VerdictMatches {
  /** worst first */
  readonly vulnerabilities: readonly MatchedVulnerability[]
  readonly packages: readonly MatchedPackage[]
  readonly detections: readonly MatchedDetection[]
  readonly base_os: readonly string[]
  /** how many there are, of which limit may leave some out */
  readonly totals: {
    readonly vulnerabilities: number
    readonly packages: number
    readonly detections: number
  }
}

export interface VerdictPolicy {
  readonly id: string
  readonly name: string
  /** the built-in one, which passes what no other decides */
  readonly is_default: boolean
}

export interface VerdictRule {
  /** its place among the rules of the policy, from 0 */
  readonly index: number
  readonly action: 'block' | 'alert' | 'allow'
  readonly conditions: readonly VerdictCondition[]
}

/** Parameters of GetVerdict. */
export interface GetVerdictParameters {
  /** repository of the image, without a registry */
  readonly repository: string
  /** tag */
  readonly tag?: string
  /** digest of the manifest or the index, such as sha256:… */
  readonly digest?: string
  /** host of the registry; absent: any */
  readonly registry?: string
  /** true: only an image that was pushed to the platform itself */
  readonly pushed?: boolean
  /** only this platform of an index, such as amd64 */
  readonly architecture?: string
  /** true: the explanation too; false unless said */
  readonly explain?: boolean
  /** largest number of entries of each list; 0 to 10000; 1000 unless said */
  readonly limit?: number
}

/** What goes with a call of GetVerdict. */
export interface GetVerdictInput extends CallOptions {
  readonly parameters: GetVerdictParameters
}

/** The collection Verdicts of the Lanner dialect. */
export class Verdicts extends Service {
  /**
   * Whether an image may pass, and what decides; for an index the worst of its platforms.
   * An image that is unknown, pending or not assessable has an action only where a policy decides by its name and state alone. A tag or a digest is needed beside the repository; where both are given the digest says which image.
   *
   * Scope: lanner-verdicts:read.
   */
  GetVerdict(input: GetVerdictInput): Promise<Result<Resources<Verdict>>> {
    return this.client.command('GetVerdict', input)
  }

  /** The same as GetVerdict. */
  get_verdict(input: GetVerdictInput): Promise<Result<Resources<Verdict>>> {
    return this.client.command('GetVerdict', input)
  }
}
