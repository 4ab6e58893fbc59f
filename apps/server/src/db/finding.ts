import type { AdvisoryEvidence, RatedSeverity, Vulnerability } from '@lanner/model'
import { sql } from 'kysely'
import type { Database } from './database.ts'

export interface NewVulnerability {
  readonly id: string
  readonly severity: number
  readonly cvssScore: number | null
  readonly cvssVector: string | null
  readonly cpsRating: number
  readonly epss: number | null
  readonly exploited: boolean
  readonly published: string | null
  readonly title: string | null
  readonly description: string | null
  readonly malicious: boolean
  /** JSON of model's Vulnerability. */
  readonly facts: string
}

/** Adds vulnerabilities, or brings those that are known up to date. In the order of their ids. Global. */
export async function putVulnerabilities(
  database: Database,
  vulnerabilities: readonly NewVulnerability[],
  now: Date,
): Promise<void> {
  if (vulnerabilities.length === 0) return
  const sorted = [...vulnerabilities].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  await sql`
    insert into vulnerability (vulnerability_id, severity, cvss_score, cvss_vector, cps_rating, epss, exploited, published,
      title, description, malicious, facts, first_found)
    select id, severity, cvss_score, cvss_vector, cps_rating, epss, exploited, published, title, description, malicious,
      facts::jsonb, ${now}
    from unnest(
      ${sorted.map((item) => item.id)}::text[],
      ${sorted.map((item) => item.severity)}::smallint[],
      ${sorted.map((item) => item.cvssScore)}::real[],
      ${sorted.map((item) => item.cvssVector)}::text[],
      ${sorted.map((item) => item.cpsRating)}::smallint[],
      ${sorted.map((item) => item.epss)}::real[],
      ${sorted.map((item) => item.exploited)}::boolean[],
      ${sorted.map((item) => item.published)}::timestamptz[],
      ${sorted.map((item) => item.title)}::text[],
      ${sorted.map((item) => item.description)}::text[],
      ${sorted.map((item) => item.malicious)}::boolean[],
      ${sorted.map((item) => item.facts)}::text[]
    ) as given (id, severity, cvss_score, cvss_vector, cps_rating, epss, exploited, published, title, description,
      malicious, facts)
    on conflict (vulnerability_id) do update set severity = excluded.severity, cvss_score = excluded.cvss_score,
      cvss_vector = excluded.cvss_vector, cps_rating = excluded.cps_rating, epss = excluded.epss,
      exploited = excluded.exploited, published = excluded.published, title = excluded.title,
      description = excluded.description, malicious = excluded.malicious, facts = excluded.facts
    where vulnerability.facts is distinct from excluded.facts or vulnerability.severity <> excluded.severity`.execute(
    database,
  )
}

export interface NewFinding {
  readonly packageId: number
  readonly vulnerabilityId: string
  readonly verdict: string
  readonly severity: number
  readonly cpsRating: number
  readonly fixState: string
  readonly fixedVersions: readonly string[]
  /** Of its vulnerability; kept there, not here. */
  readonly exploited: boolean
  /** JSON of FindingFacts. */
  readonly facts: string
  /** Tells whether anything that is not in the other members changed. */
  readonly factsDigest: string
}

/** Adds findings, or brings those that are known up to date. Global. */
export async function putFindings(
  database: Database,
  findings: readonly NewFinding[],
  now: Date,
): Promise<void> {
  if (findings.length === 0) return
  const sorted = [...findings].sort(
    (a, b) => a.packageId - b.packageId || (a.vulnerabilityId < b.vulnerabilityId ? -1 : 1),
  )
  await sql`
    insert into finding (package_id, vulnerability_id, verdict, severity, cps_rating, fix_state, fixed_versions, facts,
      facts_digest, first_found, fix_known_since)
    select package_id, vulnerability_id, verdict, severity, cps_rating, fix_state,
      array(select jsonb_array_elements_text(fixed_versions::jsonb)), facts::jsonb, facts_digest, ${now},
      case when jsonb_array_length(fixed_versions::jsonb) > 0 then ${now}::timestamptz end
    from unnest(
      ${sorted.map((item) => item.packageId)}::bigint[],
      ${sorted.map((item) => item.vulnerabilityId)}::text[],
      ${sorted.map((item) => item.verdict)}::text[],
      ${sorted.map((item) => item.severity)}::smallint[],
      ${sorted.map((item) => item.cpsRating)}::smallint[],
      ${sorted.map((item) => item.fixState)}::text[],
      ${sorted.map((item) => JSON.stringify(item.fixedVersions))}::text[],
      ${sorted.map((item) => item.facts)}::text[],
      ${sorted.map((item) => item.factsDigest)}::text[]
    ) as given (package_id, vulnerability_id, verdict, severity, cps_rating, fix_state, fixed_versions, facts, facts_digest)
    on conflict (package_id, vulnerability_id) do update set verdict = excluded.verdict, severity = excluded.severity,
      cps_rating = excluded.cps_rating, fix_state = excluded.fix_state, fixed_versions = excluded.fixed_versions,
      facts = excluded.facts, facts_digest = excluded.facts_digest,
      fix_known_since = case when excluded.fix_known_since is not null
        then coalesce(finding.fix_known_since, excluded.fix_known_since) end`.execute(database)
}

/** Takes findings away by package and vulnerability. Global. */
export async function removeFindings(
  database: Database,
  findings: readonly { readonly packageId: number; readonly vulnerabilityId: string }[],
): Promise<void> {
  if (findings.length === 0) return
  await sql`
    delete from finding using unnest(
      ${findings.map((item) => item.packageId)}::bigint[],
      ${findings.map((item) => item.vulnerabilityId)}::text[]
    ) as gone (package_id, vulnerability_id)
    where finding.package_id = gone.package_id and finding.vulnerability_id = gone.vulnerability_id`.execute(
    database,
  )
}

/** What of a finding a change is told by. */
export interface FindingState {
  readonly package_id: number
  readonly vulnerability_id: string
  readonly verdict: string
  readonly severity: number
  readonly cps_rating: number
  readonly fix_state: string
  readonly fixed_versions: readonly string[]
  /** Tells whether anything else changed. */
  readonly facts_digest: string
  readonly exploited: boolean
}

/** The findings of packages as they stand. Global. */
export async function findingStates(
  database: Database,
  packageIds: readonly number[],
): Promise<readonly FindingState[]> {
  const { rows } = await sql<FindingState>`
    select finding.package_id, finding.vulnerability_id, finding.verdict, finding.severity, finding.cps_rating,
      finding.fix_state, finding.fixed_versions, finding.facts_digest, vulnerability.exploited
    from finding join vulnerability on vulnerability.vulnerability_id = finding.vulnerability_id
    where finding.package_id = any(${[...packageIds]}::bigint[])`.execute(database)
  return rows
}

/** A finding of one image, whole. */
export interface SetFinding {
  readonly package_id: number
  readonly purl: string
  readonly verdict: 'affected' | 'unknown'
  readonly severity: number
  readonly cps_rating: number
  readonly fix_state: string
  readonly fixed_versions: readonly string[]
  readonly ratings: readonly RatedSeverity[]
  readonly evidence: readonly AdvisoryEvidence[]
  readonly vulnerability: Vulnerability
  readonly cvss_score: number | null
  readonly first_found: Date
  /** Since when a fix is known here; null while there is none. */
  readonly fix_known_since: Date | null
}

/** Every finding of a set's packages, suppressed ones included. Global: the caller came by the set through an image of its tenant. */
export async function findingsOfSet(database: Database, setId: number): Promise<readonly SetFinding[]> {
  const { rows } = await sql<SetFinding>`
    select finding.package_id, package.purl, finding.verdict, finding.severity, finding.cps_rating, finding.fix_state,
      finding.fixed_versions, finding.facts -> 'ratings' as ratings, finding.facts -> 'evidence' as evidence,
      vulnerability.facts as vulnerability, vulnerability.cvss_score, finding.first_found,
      finding.fix_known_since
    from package_set_member as member
    join package on package.package_id = member.package_id
    join finding on finding.package_id = member.package_id
    join vulnerability on vulnerability.vulnerability_id = finding.vulnerability_id
    where member.set_id = ${setId}`.execute(database)
  return rows
}
