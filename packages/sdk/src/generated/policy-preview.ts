// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'
import type { Condition, PolicyDocument } from './records.ts'

export interface PolicyFlip {
  readonly image: PreviewedImage
  readonly before: PreviewedOutcome
  readonly after: PreviewedOutcome
}

export interface PolicyPreviewCount {
  /** name of the policy that would decide then */
  readonly policy: string | null
  /** null where no policy says anything: of an image that is not assessed */
  readonly from: 'block' | 'alert' | 'allow' | null
  /** null where no policy says anything: of an image that is not assessed */
  readonly to: 'block' | 'alert' | 'allow' | null
  readonly images: number
}

export interface PolicyPreviewRequest {
  readonly document: PolicyDocument
  /** flips that are listed, 100 where it is absent */
  readonly limit?: number
}

export interface PolicyPreviewResult {
  /** of the policies that the document was held against */
  readonly revision: number
  /** images of the account under their present names, each platform of an index by itself */
  readonly images: number
  /** of these: not assessed, and no policy says anything of them before or after */
  readonly undecided: number
  readonly denied: {
    readonly before: number
    readonly after: number
  }
  /** images whose action would be another */
  readonly flipped: number
  /** the most images first */
  readonly by_policy: readonly PolicyPreviewCount[]
  /** those that would be denied first, then by name; no more than were asked for */
  readonly flips: readonly PolicyFlip[]
  /** exclusions, as they would be, that cover nothing of any image */
  readonly exclusions_unmatched: readonly UnmatchedExclusion[]
  readonly took_ms: number
}

export interface PreviewedImage {
  /** empty for an image that was pushed here */
  readonly registry: string
  readonly repository: string
  readonly tag: string
  readonly image_digest: string
  /** empty where it is not known */
  readonly architecture: string
}

export interface PreviewedOutcome {
  /** null where no policy says anything: of an image that is not assessed */
  readonly action: 'block' | 'alert' | 'allow' | null
  /** name of the policy that decides */
  readonly policy: string | null
}

export interface UnmatchedExclusion {
  /** null of one that only the document has */
  readonly id: string | null
  readonly prop: string
  readonly op: string
  readonly value: readonly string[]
  readonly and: readonly Condition[]
  readonly scope: Readonly<Record<string, unknown>> | null
  readonly description: string
  readonly author: string
  /** RFC 3339 */
  readonly expires_at: string | null
}

/** What goes with a call of PreviewPolicies. */
export interface PreviewPoliciesInput extends CallOptions {
  readonly body: PolicyPreviewRequest
}

/** The collection Policy Preview of the Lanner dialect. */
export class PolicyPreview extends Service {
  /**
   * Which images would pass or be denied otherwise if a document of policies were applied.
   * Judges every image of the account twice, by the policies as they are and as the document would make them, from what was read of them before. Nothing is changed. A section that is absent stays as it is; an empty document tells the exclusions that cover nothing.
   *
   * Scope: lanner-policies:read.
   */
  PreviewPolicies(input: PreviewPoliciesInput): Promise<Result<Resources<PolicyPreviewResult>>> {
    return this.client.command('PreviewPolicies', input)
  }

  /** The same as PreviewPolicies. */
  preview_policies(input: PreviewPoliciesInput): Promise<Result<Resources<PolicyPreviewResult>>> {
    return this.client.command('PreviewPolicies', input)
  }
}
