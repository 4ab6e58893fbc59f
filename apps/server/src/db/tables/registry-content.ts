/** Rows of what was pushed: 0002_registry.sql says what each is for. */
export interface RegistryContentTables {
  stored_blob: {
    digest: string
    size: number
    links: number
    holds: number
    touched_at: Date
  }
  storage_usage: { cid: string; bytes: number }
  repository: { cid: string; name: string; created_at: Date }
  repository_blob: { cid: string; repository: string; digest: string; size: number; touched_at: Date }
  manifest: {
    cid: string
    repository: string
    digest: string
    media_type: string
    size: number
    content: Buffer
    subject: string | null
    artifact_type: string | null
    annotations: Record<string, string> | null
    pushed_at: Date
  }
  manifest_blob: { cid: string; repository: string; manifest: string; blob: string }
  tag: { cid: string; repository: string; name: string; digest: string; updated_at: Date }
  upload: {
    cid: string
    id: string
    repository: string
    bytes: number
    started_at: Date
    updated_at: Date
  }
}
