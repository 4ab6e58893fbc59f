// Printed from the contract by `npm run generate`: change the contract, not this file.
import type { CallOptions } from '../operation.ts'
import type { Resources, Result } from '../result.ts'
import { Service } from '../service.ts'

export interface VexExportReport {
  /** OpenVEX 0.2.0 */
  readonly document: Readonly<Record<string, unknown>>
  readonly statements: number
  /** exclusions that VEX has no words for */
  readonly left_out: readonly {
    readonly reason: string
    readonly message: string
    readonly exclusions: number
  }[]
}

export interface VexImportReport {
  readonly document_id: string
  readonly format: 'openvex' | 'cyclonedx' | 'csaf'
  readonly version: string
  readonly author: string
  /** as the caller called the document */
  readonly name: string | null
  readonly dry_run: boolean
  readonly statements: readonly VexStatementReport[]
  /** statements of which something is spared now */
  readonly statements_taken: number
  /** ids */
  readonly exclusions_created: readonly string[]
  /** ids of exclusions that were taken back, or lost a product */
  readonly exclusions_withdrawn: readonly string[]
}

export interface VexImportRequest {
  /** OpenVEX 0.2.0, CycloneDX 1.4 to 1.7 with analyses, or CSAF 2.0 of the VEX profile, as JSON */
  readonly document: Readonly<Record<string, unknown>>
  /** such as the name of its file; at most 1024 characters */
  readonly name?: string
  /** tells what would be taken and changes nothing */
  readonly dry_run?: boolean
  /** takes what matches nothing now, too: for images to come */
  readonly keep_unmatched?: boolean
}

export interface VexRefusal {
  /** null: the whole statement */
  readonly product: string | null
  readonly reason: 'spares_nothing' | 'incomplete' | 'no_product' | 'unsupported_product' | 'no_such_vulnerability' | 'no_such_image' | 'no_such_package' | 'older'
  readonly message: string
}

export interface VexStatementReport {
  /** place in the document, from 0 */
  readonly statement: number
  readonly vulnerability: string
  readonly status: 'not_affected' | 'affected' | 'fixed' | 'under_investigation' | null
  /** products, or parts of them, that are spared now */
  readonly taken: number
  /** ids of the exclusions that it was made into */
  readonly exclusions: readonly string[]
  /** products that were not taken */
  readonly not_taken: number
  /** why; the first ten of a statement */
  readonly refusals: readonly VexRefusal[]
}

/** What goes with a call of ImportVex. */
export interface ImportVexInput extends CallOptions {
  readonly body: VexImportRequest
}

/** Parameters of ExportVex. */
export interface ExportVexParameters {
  /** of one image, without the registry; absent: all exclusions */
  readonly repository?: string
  /** of the image */
  readonly tag?: string
  /** of its manifest or index, in place of the tag */
  readonly digest?: string
  /** host of its registry; absent: any */
  readonly registry?: string
  /** true: only an image that was pushed to the platform itself */
  readonly pushed?: boolean
  /** one platform of an index */
  readonly architecture?: string
}

/** What goes with a call of ExportVex. */
export interface ExportVexInput extends CallOptions {
  readonly parameters?: ExportVexParameters
}

/** The collection VEX of the Lanner dialect. */
export class VEX extends Service {
  /**
   * Makes exclusions of what a VEX document says to be not affected or fixed.
   * A newer version of a document, known by its id, is taken in the place of the one before. A later statement that says affected or under_investigation takes the exclusion back, whichever document it is in.
   *
   * Scope: lanner-policies:write.
   */
  ImportVex(input: ImportVexInput): Promise<Result<Resources<VexImportReport>>> {
    return this.client.command('ImportVex', input)
  }

  /** The same as ImportVex. */
  import_vex(input: ImportVexInput): Promise<Result<Resources<VexImportReport>>> {
    return this.client.command('ImportVex', input)
  }

  /**
   * What exclusions say, as OpenVEX: all of them, or those that spared something in one image.
   *
   * Scope: lanner-policies:read.
   */
  ExportVex(input?: ExportVexInput): Promise<Result<Resources<VexExportReport>>> {
    return this.client.command('ExportVex', input)
  }

  /** The same as ExportVex. */
  export_vex(input?: ExportVexInput): Promise<Result<Resources<VexExportReport>>> {
    return this.client.command('ExportVex', input)
  }
}
