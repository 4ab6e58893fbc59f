export interface ExportRow {
  cid: string
  export_id: string
  job_id: string
  resource: string
  format: 'csv' | 'json'
  filter: string
  sort: string
  expand_vulnerabilities: boolean
  actor: string
  created_at: Date
  finished_at: Date | null
  records: number | null
  bytes: number | null
  deleted_at: Date | null
}

/** The table of exports. */
export interface ExportTables {
  readonly export: ExportRow
}
