// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'

export interface AssessedReference {
  /** empty for an image that was pushed here */
  readonly registry: string
  readonly repository: string
  readonly tag: string
}

export interface Evidence {
  /** id of the record, such as DSA-5773-1 */
  readonly advisory: string
  /** where the record comes from: osv, debian-tracker, redhat-vex */
  readonly feed: string
  readonly ecosystem: string
  /** name that matched */
  readonly name: string
  readonly matched_by: 'name' | 'source'
  /** version that was compared */
  readonly version: string
  readonly verdict: 'affected' | 'fixed' | 'unaffected' | 'unknown'
  /** version scheme that ordered it */
  readonly scheme?: string
  /** range that decided, as written */
  readonly range?: string
  readonly fixed_versions: readonly string[]
  readonly fix_state: string
  readonly fix_reason?: string
  readonly note?: string
}

export interface Explanation {
  readonly vulnerability: string
  readonly aliases: readonly string[]
  readonly severity: string
  /** whose rating it is */
  readonly rated_by: string
  readonly verdict: 'affected' | 'fixed' | 'unaffected' | 'unknown'
  /** package URL */
  readonly package: string
  readonly package_name_version: string
  /** where in the image the package was read */
  readonly locations: readonly {
    readonly path: string
    readonly layer_digest: string
    readonly layer_index: number
    readonly layer_command: string
  }[]
  readonly fixed_versions: readonly string[]
  /** every advisory that had a word on the package */
  readonly evidence: readonly Evidence[]
  /** the same in a sentence or two */
  readonly summary: string
}

export interface ImageState {
  readonly image_digest: string
  readonly image_id: string
  readonly architecture: string
  readonly references: readonly AssessedReference[]
  readonly state: 'pending' | 'assessed' | 'partially' | 'not_assessable'
  /** why it is not wholly assessed; empty when it is */
  readonly reasons: readonly string[]
  /** of the assessment that waits or runs */
  readonly job_id?: string
  /** RFC 3339 */
  readonly assessed_at: string | null
  /** revision of the advisories that the findings rest on */
  readonly advisories: string | null
}

/** What goes with a call of GetImageState. */
export interface GetImageStateInput extends CallOptions {
  readonly path: {
    /** digest of the image manifest, such as sha256:… */
    readonly digest: string
  }
}

/** Parameters of ExplainFindings. */
export interface ExplainFindingsParameters {
  /** CVE name, or the id of an advisory */
  readonly vulnerability: string
  /** only findings of the package of this name */
  readonly package?: string
  /** largest number of findings to return; 1 to 1000; 100 unless said */
  readonly limit?: number
}

/** What goes with a call of ExplainFindings. */
export interface ExplainFindingsInput extends CallOptions {
  readonly parameters: ExplainFindingsParameters
  readonly path: {
    /** digest of the image manifest, such as sha256:… */
    readonly digest: string
  }
}

/** The collection Images of the Lanner dialect. */
export class Images extends Service {
  /**
   * How far the assessment of an image is, and why it is no further.
   *
   * Scope: lanner-images:read.
   */
  GetImageState(input: GetImageStateInput): Promise<Result<Resources<ImageState>>> {
    return this.client.command('GetImageState', input)
  }

  /** The same as GetImageState. */
  get_image_state(input: GetImageStateInput): Promise<Result<Resources<ImageState>>> {
    return this.client.command('GetImageState', input)
  }

  /**
   * Why an image has a vulnerability: packages, where they lie, and the advisories that decided.
   *
   * Scope: lanner-images:read.
   */
  ExplainFindings(input: ExplainFindingsInput): Promise<Result<Resources<Explanation>>> {
    return this.client.command('ExplainFindings', input)
  }

  /** The same as ExplainFindings. */
  explain_findings(input: ExplainFindingsInput): Promise<Result<Resources<Explanation>>> {
    return this.client.command('ExplainFindings', input)
  }
}
