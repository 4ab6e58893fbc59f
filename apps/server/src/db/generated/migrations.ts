/** Printed by `npm run generate` from the files in `migrations/`. */
import type { Migration } from '../migrate.ts'

export const migrations: readonly Migration[] = [
  {
    name: '0001_identity',
    sql: `-- Customers. Every other row that belongs to one carries its cid.
create table tenant (
  -- 32 lower-case hex digits.
  cid text primary key,
  name text not null,
  created_at timestamptz not null default now()
);

-- Who may ask for tokens. A client that was revoked stays: the audit trail names it.
create table api_client (
  -- 32 lower-case hex digits.
  client_id text primary key,
  cid text not null references tenant (cid),
  name text not null,
  scopes text[] not null,
  -- \`<id of the server key>.<HMAC-SHA-256 of the secret, base64url>\`: the secret itself is nowhere.
  secret_hash text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  revoked_at timestamptz
);
create index api_client_of_tenant on api_client (cid, created_at, client_id);

-- Tokens by their SHA-256: whoever reads this table cannot use them.
create table access_token (
  token_hash bytea primary key,
  cid text not null,
  client_id text not null references api_client (client_id),
  issued_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index access_token_of_client on access_token (cid, client_id);
create index access_token_by_expiry on access_token (expires_at);

-- People with a password. Names are those of the whole installation: at sign-in nobody says a tenant.
create table account (
  -- Lower case.
  username text primary key,
  cid text not null references tenant (cid),
  role text not null check (role in ('administrator', 'reader')),
  -- scrypt with its parameters and salt.
  password_hash text not null,
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);
create index account_of_tenant on account (cid, username);

-- Sign-ins and acts of administration: added to, never changed.
create table audit_event (
  id uuid primary key,
  cid text not null,
  at timestamptz not null default now(),
  action text not null,
  -- Client id or user name.
  actor text not null,
  -- What it was done to, where that is not the actor.
  subject text,
  outcome text not null check (outcome in ('success', 'refused')),
  -- The peer's IP address; absent for what the server did by itself.
  address text,
  details jsonb not null default '{}'
);
create index audit_event_of_tenant on audit_event (cid, at desc, id desc);
`,
  },
  {
    name: '0002_registry',
    sql: `-- What was pushed. Bytes of blobs lie in the blob store and are shared; everything that says who has them carries the cid.
-- Locks are always taken in this order: stored_blob, storage_usage, then the tables of the tenant. storage_usage is locked
-- by everything that adds or removes content of a tenant, so that what is checked after it still holds at commit.

-- A blob in the store. It may be deleted only in a transaction that holds its row, has links = 0 and no hold.
create table stored_blob (
  digest text collate "C" primary key,
  size bigint not null,
  -- Rows of repository_blob.
  links integer not null default 0,
  -- Writers between sealing and linking it; a hold that is older than any write can last was left by a dead server.
  holds integer not null default 0,
  touched_at timestamptz not null
);
create index stored_blob_unused on stored_blob (touched_at) where links = 0;

-- Bytes of a tenant: each blob once, and every manifest.
create table storage_usage (
  cid text primary key,
  bytes bigint not null
);

create table repository (
  cid text not null,
  name text collate "C" not null,
  created_at timestamptz not null,
  primary key (cid, name)
);

-- A blob that a repository has. touched_at: when it was last pushed, asked for or named by a manifest.
create table repository_blob (
  cid text not null,
  repository text collate "C" not null,
  digest text collate "C" not null,
  size bigint not null,
  touched_at timestamptz not null,
  primary key (cid, repository, digest)
);
create index repository_blob_by_digest on repository_blob (cid, digest);
create index repository_blob_by_touch on repository_blob (cid, touched_at);

create table manifest (
  cid text not null,
  repository text collate "C" not null,
  digest text collate "C" not null,
  media_type text not null,
  size integer not null,
  content bytea not null,
  -- Of a referrer: what it is about, what it is, and its annotations as they stand in the referrers list.
  subject text collate "C",
  artifact_type text,
  annotations jsonb,
  pushed_at timestamptz not null,
  primary key (cid, repository, digest)
);
create index manifest_by_subject on manifest (cid, repository, subject, digest) where subject is not null;

-- The blobs that a manifest needs: they are in use.
create table manifest_blob (
  cid text not null,
  repository text collate "C" not null,
  manifest text collate "C" not null,
  blob text collate "C" not null,
  primary key (cid, repository, manifest, blob)
);
create index manifest_blob_by_blob on manifest_blob (cid, repository, blob);

create table tag (
  cid text not null,
  repository text collate "C" not null,
  name text collate "C" not null,
  digest text collate "C" not null,
  updated_at timestamptz not null,
  primary key (cid, repository, name)
);
create index tag_by_digest on tag (cid, repository, digest);

-- An upload under way; how much of it came is what its file says.
create table upload (
  cid text not null,
  id uuid not null,
  repository text collate "C" not null,
  -- Bytes when the last body ended: for the quota only.
  bytes bigint not null default 0,
  started_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (cid, id)
);
create index upload_by_update on upload (updated_at);
`,
  },
  {
    name: '0003_job',
    sql: `-- What is still to be done. A finished job leaves this table and a line in job_history in the same transaction, so the
-- table stays as small as the backlog. cid is empty where the work is the platform's own and no tenant's.
create table job (
  -- Time-ordered (UUID version 7).
  id uuid primary key,
  -- The same: the order of claims within a lane. With an order by id the planner may walk the primary key, past all that
  -- waits elsewhere.
  turn uuid not null,
  cid text not null,
  name text not null,
  -- With name and cid: at most one live job.
  key text not null,
  -- 0 gate, 1 push, 2 user, 3 discovery, 4 rescan.
  priority smallint not null,
  -- What may only be used by so many jobs at once; empty for none.
  resource text not null,
  -- 0 ready, 1 delayed until not_before, 2 running.
  state smallint not null,
  not_before timestamptz,
  -- Begun so far.
  attempts smallint not null default 0,
  max_attempts smallint not null,
  payload jsonb not null,
  progress jsonb,
  -- Why the last attempt ended.
  error text,
  cancel_requested boolean not null default false,
  enqueued_at timestamptz not null default now(),
  started_at timestamptz,
  -- Who runs it, until when unless the lease is renewed.
  worker uuid,
  lease_until timestamptz,
  -- Asked for again while running: what follows when this run has ended.
  next_id uuid,
  next_payload jsonb,
  next_priority smallint,
  next_not_before timestamptz
) with (
  fillfactor = 80,
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_analyze_scale_factor = 0.05,
  autovacuum_vacuum_cost_delay = 0
);
create unique index job_live on job (cid, name, key);
-- Exactly the order of claims: a mismatch sorts the whole backlog at each.
create index job_ready on job (priority, cid, resource, turn) where state = 0;
create index job_delayed on job (not_before) where state = 1;
-- Holds nothing that a heartbeat changes.
create index job_running on job (worker) where state = 2;
create index job_of_tenant on job (cid, id);
create unique index job_next on job (next_id) where next_id is not null;

create table job_history (
  cid text not null,
  id uuid not null,
  name text not null,
  key text not null,
  priority smallint not null,
  resource text not null,
  -- done, failed, cancelled
  outcome text not null,
  attempts smallint not null,
  payload jsonb not null,
  progress jsonb,
  error text,
  enqueued_at timestamptz not null,
  started_at timestamptz,
  finished_at timestamptz not null default now(),
  primary key (cid, id)
);
create index job_history_by_day on job_history (finished_at);

-- How many jobs may use a resource at once, and until when none may.
create table job_resource (
  cid text not null,
  resource text not null,
  -- Null: as many as the workers' default says.
  at_most integer,
  blocked_until timestamptz,
  primary key (cid, resource)
);

-- The last slot of a schedule that was fired, whoever fired it.
create table job_schedule (
  schedule text primary key,
  slot timestamptz not null
);
`,
  },
  {
    name: '0004_assessment',
    sql: `-- What was read and found. Everything about content is global and known by digest or by identity: it is reachable only
-- through the images of a tenant (table image), which is the only one here with a cid beside container, base_image and
-- change_event. Ranks: severity 5 critical, 4 high, 3 medium, 2 low, 1 negligible, 0 unknown; CPS rating 4 critical,
-- 3 high, 2 medium, 1 low, 0 none.

create table layer (
  blob_digest text primary key,
  diff_id text not null,
  size bigint not null,
  inflated_size bigint not null,
  entries integer not null,
  read_at timestamptz not null
);

-- What decides which advisories hold for a package beside the package itself.
create table matching_context (
  context_id bigint generated always as identity primary key,
  identity bytea not null unique,
  distribution jsonb,
  repository_cpes text[] not null
);

create table package (
  package_id bigint generated always as identity primary key,
  identity bytea not null unique,
  context_id bigint not null references matching_context,
  type text not null,
  -- With namespace or scope, as people write it.
  name text not null,
  version text not null,
  purl text not null,
  licenses text[] not null,
  -- What matching reads of it (PackageFacts without locations).
  facts jsonb not null,
  first_seen timestamptz not null,
  -- Of its findings that stand: how many, and the worst.
  vulnerabilities integer not null default 0,
  highest_severity smallint not null default 0
);
create index package_by_name on package (name, version);

-- Every normalised name that an advisory may call the package by.
create table package_name (
  name text not null,
  package_id bigint not null references package on delete cascade,
  primary key (name, package_id)
);

create table vulnerability (
  vulnerability_id text primary key,
  severity smallint not null,
  cvss_score real,
  cvss_vector text,
  cps_rating smallint not null,
  epss real,
  exploited boolean not null,
  published timestamptz,
  title text,
  description text,
  malicious boolean not null default false,
  -- The whole of it, as model's Vulnerability.
  facts jsonb not null,
  first_found timestamptz not null
);

create table finding (
  package_id bigint not null references package on delete cascade,
  vulnerability_id text not null references vulnerability,
  verdict text not null,
  severity smallint not null,
  cps_rating smallint not null,
  fix_state text not null,
  fixed_versions text[] not null,
  -- Ratings and evidence, as model's Finding has them.
  facts jsonb not null,
  -- Tells whether anything but the columns above changed.
  facts_digest text not null,
  first_found timestamptz not null,
  primary key (package_id, vulnerability_id)
);
create index finding_by_vulnerability on finding (vulnerability_id, package_id);

-- Images with the same packages share a set, and with it every count of findings.
create table package_set (
  set_id bigint generated always as identity primary key,
  identity bytea not null unique,
  packages integer not null,
  vulnerable_packages integer not null default 0,
  -- Distinct vulnerabilities that count (not suppressed), each at its worst.
  vulnerabilities integer not null default 0,
  critical integer not null default 0,
  high integer not null default 0,
  medium integer not null default 0,
  low integer not null default 0,
  negligible integer not null default 0,
  unknown integer not null default 0,
  exploited integer not null default 0,
  highest_severity smallint not null default 0,
  highest_cps_rating smallint not null default 0,
  -- Raised whenever a finding of the set changes.
  findings_revision bigint not null default 0,
  -- A finding changed and the counts have not followed yet.
  dirty boolean not null default false
);
create index package_set_dirty on package_set (set_id) where dirty;

create table package_set_member (
  set_id bigint not null references package_set on delete cascade,
  package_id bigint not null references package,
  -- Place in the set's order, from 0: what image_content.package_layers is indexed by.
  position integer not null,
  -- Part of an operating-system package, whose advisories decide about it.
  suppressed boolean not null,
  primary key (set_id, package_id)
);
create index package_set_member_by_package on package_set_member (package_id, set_id);

-- All that the state of an assessment depends on beside time and advisories: few rows, judged once for many images.
create table assessment_profile (
  profile_id bigint generated always as identity primary key,
  identity bytea not null unique,
  context_id bigint not null references matching_context,
  package_types text[] not null,
  -- State by what was read alone, and whether there was anything to read.
  own_state text not null,
  empty boolean not null,
  state text not null,
  -- Codes of the reasons that lower the state, and the first of them in a sentence.
  codes text[] not null,
  reason text not null
);

create table image_content (
  -- Of the platform's manifest.
  digest text primary key,
  config_digest text not null,
  architecture text not null,
  os text not null,
  variant text,
  size bigint not null,
  created timestamptz,
  base_os text not null,
  base_os_version text not null,
  profile_id bigint references assessment_profile,
  set_id bigint references package_set,
  -- Why nothing could be read, where so: [] otherwise (reasons of the inventory are inside \`inventory\`).
  unread_reasons jsonb not null,
  -- The image's facts (model's ImageFacts) and, as published, its manifest and config.
  facts jsonb not null,
  manifest text not null,
  config text not null,
  -- zstd of the JSON of the inventory: packages with locations, distribution, reasons.
  inventory bytea,
  -- Layer index of each member of the set, by position.
  package_layers smallint[] not null,
  layers_with_vulnerabilities integer not null default 0,
  extractor_revision text not null,
  read_at timestamptz not null
);
create index image_content_by_set on image_content (set_id);
create index image_content_by_profile on image_content (profile_id);

create table detection (
  digest text not null,
  detection_id text not null,
  type text not null,
  name text not null,
  title text not null,
  description text not null,
  remediation text not null,
  severity smallint not null,
  details jsonb not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  primary key (digest, detection_id)
);

-- A tenant's image under one name: what lists show, with the counts beside it so that they can be filtered and sorted.
create table image (
  cid text not null,
  image_uuid uuid not null,
  registry text not null,
  repository text not null,
  -- Empty for an image known only by its digest.
  tag text not null,
  digest text not null,
  index_digest text not null,
  -- Digest of the config without its algorithm: what Falcon calls image_id. Empty until read.
  image_id text not null,
  architecture text not null,
  os text not null,
  variant text not null,
  source text not null,
  base_os text not null,
  base_os_version text not null,
  -- pending, assessed, partially, not_assessable
  state text not null,
  -- One sentence for whoever asks before there is a report.
  state_reason text not null,
  size bigint not null,
  created timestamptz,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  assessed_at timestamptz,
  -- When the tag moved on to another image.
  superseded_at timestamptz,
  is_base_image boolean not null,
  set_id bigint,
  profile_id bigint,
  packages integer not null,
  vulnerabilities integer not null,
  critical integer not null,
  high integer not null,
  medium integer not null,
  low integer not null,
  highest_severity smallint not null,
  highest_cps_rating smallint not null,
  layers_with_vulnerabilities integer not null,
  detections integer not null,
  highest_detection_severity smallint not null,
  primary key (cid, image_uuid),
  unique (cid, registry, repository, tag, digest)
) with (fillfactor = 85);
create index image_by_name on image (cid, repository, tag, registry);
create index image_by_digest on image (cid, digest);
create index image_by_index on image (cid, index_digest) where index_digest <> '';
create index image_by_image_id on image (cid, image_id);
create index image_by_set on image (cid, set_id);
create index image_by_first_seen on image (cid, first_seen, image_uuid);
create index image_by_last_seen on image (cid, last_seen, image_uuid);
create index image_by_severity on image (cid, highest_severity, image_uuid);

-- Running containers, as a cluster last told them.
create table container (
  cid text not null,
  cluster text not null,
  container_id text not null,
  namespace text not null,
  pod text not null,
  pod_uid text not null,
  container_name text not null,
  node text not null,
  image_reference text not null,
  image_digest text not null,
  running boolean not null,
  privileged boolean not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  primary key (cid, cluster, container_id)
);
create index container_by_image on container (cid, image_digest) where running;

create table base_image (
  cid text not null,
  base_image_id uuid not null,
  registry text not null,
  repository text not null,
  tag text not null,
  digest text not null,
  image_id text not null,
  created_at timestamptz not null,
  primary key (cid, base_image_id)
);

-- Which advisories the findings rest on: one row, locked by whoever changes findings.
create table advisory_state (
  singleton boolean primary key check (singleton),
  -- Raised by one with every revision of the store that is taken over.
  sequence bigint not null,
  revision text not null,
  changed_at timestamptz not null,
  -- The last sequence whose changes were carried into the findings.
  applied_sequence bigint not null
);

-- What changed for whom, in the order of event_id; read page by page. Partitions are made by day, ahead of time.
create table change_event (
  cid text not null,
  event_id bigint generated always as identity,
  at timestamptz not null,
  -- new, gone, severity_changed, fix_available, exploited
  kind text not null,
  vulnerability_id text not null,
  digest text not null,
  package text not null,
  before jsonb,
  after jsonb,
  primary key (cid, event_id, at)
) partition by range (at);
create table change_event_rest partition of change_event default;
`,
  },
  {
    name: '0005_installation',
    sql: `-- Tokens with which workers and sensors enrol, their settings and their audit trail, each tenant's own.
create table installation_token (
  cid text not null,
  -- 32 hex digits.
  token_id text not null,
  label text not null,
  type text not null,
  -- Sealed: whoever may read tokens gets the value again.
  sealed_value text not null,
  -- What a token is recognised by.
  value_hash text not null unique,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (cid, token_id)
);
create index installation_token_by_created on installation_token (cid, created_at, token_id);

create table installation_setting (
  cid text primary key,
  tokens_required boolean not null,
  max_active_tokens bigint
);

create table installation_audit (
  cid text not null,
  event_id text not null,
  token_id text not null,
  action text not null,
  actor text not null,
  description text not null,
  at timestamptz not null,
  primary key (cid, event_id)
);
create index installation_audit_by_time on installation_audit (cid, at, event_id);
`,
  },
  {
    name: '0006_policy',
    sql: `-- Image assessment policies of a tenant. The default policy is built in and has no row.
create table policy (
  cid text not null,
  policy_id uuid not null,
  name text not null,
  description text not null,
  is_enabled boolean not null,
  -- 1 is asked first. Changed for many rows at once, so nothing but the lock on policy_revision keeps it unique.
  precedence integer not null,
  -- [{"action", "conditions": [{"prop", "op", "value"}]}]
  rules jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (cid, policy_id),
  unique (cid, name)
);

-- Which images a policy is for.
create table policy_group (
  cid text not null,
  group_id uuid not null,
  -- Absent once its policy is gone.
  policy_id uuid,
  name text not null,
  description text not null,
  conditions jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (cid, group_id),
  unique (cid, name)
);
create index policy_group_by_policy on policy_group (cid, policy_id);

-- The one list of exclusions of a tenant.
create table policy_exclusions (
  cid text primary key,
  -- [{"id", "prop", "op", "value": [], "and", "scope", "description", "ttl", "author", "createdAt", "updatedAt"}]
  conditions jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- Raised by every change of a tenant's policies, groups, exclusions or order; its row is locked by whoever changes them.
create table policy_revision (
  cid text primary key,
  revision bigint not null
);

-- Who changed what, and how it was before: added to, never changed.
create table policy_audit (
  cid text not null,
  audit_id uuid not null,
  at timestamptz not null,
  actor text not null,
  -- policy_create, policy_update, policy_delete, group_create, …, exclusions_update, precedence_update
  action text not null,
  subject text not null,
  before jsonb,
  after jsonb,
  primary key (cid, audit_id)
);
create index policy_audit_by_time on policy_audit (cid, at desc, audit_id);
`,
  },
  {
    name: '0007_registry_connection',
    sql: `-- Registries that a tenant connected. A credential is sealed; what of it is no secret stands beside it.
create table registry_connection (
  cid text not null,
  registry_id uuid not null,
  type text not null,
  url text not null,
  -- The key that was given, else one made of the url: there is one connection of a url and key.
  url_uniqueness_alias text not null,
  user_defined_alias text not null,
  -- pending, active, paused, failed
  state text not null,
  state_changed_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  last_refreshed_at timestamptz,
  next_refresh_at timestamptz,
  -- Seconds.
  refresh_interval integer not null,
  credential_id uuid not null,
  sealed_credential text not null,
  shown_credential jsonb not null,
  credential_created_at timestamptz not null,
  credential_updated_at timestamptz not null,
  credential_expired_at timestamptz,
  primary key (cid, registry_id),
  unique (cid, url, url_uniqueness_alias)
);
`,
  },
  {
    name: '0008_image_history',
    sql: `-- What lists, counts and filters of images are made of beside the images themselves.

-- Which layers an image has, and what lies below each: an image is based on another when it has that one's last chain id.
create table image_layer (
  -- Of the platform's manifest.
  digest text not null,
  layer_index smallint not null,
  -- Of the blob as stored.
  layer_digest text not null,
  -- The OCI chain ID of the layer on top of those below it, without its algorithm.
  chain_id bytea not null,
  primary key (digest, layer_index)
);
insert into image_layer (digest, layer_index, layer_digest, chain_id)
with recursive given as (
  select image_content.digest, (place - 1)::smallint as layer_index, layer ->> 'digest' as layer_digest,
    layer ->> 'diffId' as diff_id
  from image_content
  cross join lateral jsonb_array_elements(facts -> 'layers') with ordinality as listed (layer, place)
), chained as (
  select digest, layer_index, layer_digest, diff_id as chain from given where layer_index = 0
  union all
  select given.digest, given.layer_index, given.layer_digest,
    'sha256:' || encode(sha256(convert_to(chained.chain || ' ' || given.diff_id, 'UTF8')), 'hex')
  from chained join given on given.digest = chained.digest and given.layer_index = chained.layer_index + 1
)
select digest, layer_index, layer_digest, decode(split_part(chain, ':', 2), 'hex') from chained;
create index image_layer_by_layer on image_layer (layer_digest);
create index image_layer_by_chain on image_layer (chain_id);

-- Machine learning software, by name.
alter table package add column ai_related boolean not null default false;
create index package_ai_related on package (package_id) where ai_related;
-- As \`openssl 3.0.11\`.
create index package_by_name_version on package ((name || ' ' || version));

alter table package_set add column ai_related boolean not null default false;
alter table package_set add column ai_vulnerabilities integer not null default 0;
-- Bit r is set where a finding that counts has the CPS rating r.
alter table package_set add column cps_ratings smallint not null default 0;
create index package_set_ai_related on package_set (set_id) where ai_related;

-- Who brought the image here, as the audit trail names people.
alter table image add column actor text not null default '';

create unique index base_image_once on base_image (cid, registry, repository, tag, digest);
create index base_image_by_digest on base_image (cid, digest);

-- Every assessment of an image under a name, append-only.
create table assessment_history (
  cid text not null,
  history_id uuid not null,
  at timestamptz not null,
  registry text not null,
  repository text not null,
  tag text not null,
  digest text not null,
  -- assessed, partially, or why not: image_pull, image_push, missing_config, unsupported_schema_version, no_advisories
  outcome text not null,
  primary key (cid, at, history_id)
);
`,
  },
  {
    name: '0009_image_indexes',
    sql: `-- Pages of images in every order that lists offer: each of these is read from one end and stops when the page is full.
create index image_by_detection_severity on image (cid, highest_detection_severity, image_uuid);
create index image_by_registry on image (cid, registry, image_uuid);
create index image_by_tag on image (cid, tag, image_uuid);
create index image_by_architecture on image (cid, architecture, image_uuid);
create index image_by_source on image (cid, source, image_uuid);
create index image_by_index_digest on image (cid, index_digest, image_uuid);
create index image_by_multi_arch on image (cid, (index_digest <> ''), image_uuid);
-- Only its own images have an index; the one above finds them, too.
drop index image_by_index;

-- Stopped containers count beside running ones.
create index container_by_digest on container (cid, image_digest);
drop index container_by_image;

create index detection_by_name on detection (name, digest);
create index detection_by_severity on detection (severity, digest);
`,
  },
  {
    name: '0010_containers',
    sql: `-- What lists of packages and vulnerabilities are made of, and what is told of running containers.

-- Lists look from a package or a finding up to the sets, and suppressed members never count there.
drop index package_set_member_by_package;
create index package_set_member_by_package on package_set_member (package_id, set_id) include (suppressed);

-- The images that lists are about, by what they hold: counted without reading a row of them.
create index image_current_by_set on image (cid, set_id) where superseded_at is null and set_id is not null;

-- What the current images of a tenant hold, counted. The rows of one tenant are brought up to date before a list is read:
-- by the sets whose number of images changed, and by the vulnerabilities that change_event names.
create table tenant_holding (
  -- This row is locked by whoever brings the others up to date.
  cid text primary key,
  -- The last change_event that is counted.
  event_id bigint not null
);

-- How many images have a set, as it is counted in the two tables below.
create table tenant_package_set (
  cid text not null,
  set_id bigint not null references package_set,
  images integer not null,
  primary key (cid, set_id)
);

-- How many images have a package, suppressed members left out.
create table tenant_package (
  cid text not null,
  package_id bigint not null,
  images integer not null,
  primary key (cid, package_id)
);

-- How many images have a vulnerability.
create table tenant_vulnerability (
  cid text not null,
  vulnerability_id text not null,
  images integer not null,
  primary key (cid, vulnerability_id)
);

create index container_seen on container (cid, cluster, last_seen);

-- What sensors told of running containers. Members of an answer that nothing is filtered by are in \`facts\`.
create table runtime_detection (
  cid text not null,
  detection_id text not null,
  agent_type text not null,
  aid text not null,
  cloud text not null,
  cloud_name text not null,
  cluster_name text not null,
  computer_name text not null,
  container_id text not null,
  detected_at timestamptz not null,
  host_id text not null,
  host_type text not null,
  image_id text not null,
  name text not null,
  namespace text not null,
  pod_name text not null,
  severity smallint not null,
  facts jsonb not null,
  primary key (cid, detection_id)
);
create index runtime_detection_by_time on runtime_detection (cid, detected_at, detection_id);
create index runtime_detection_by_container on runtime_detection (cid, container_id);

create table container_alert (
  cid text not null,
  alert_id text not null,
  name text not null,
  description text not null,
  -- Of the event that raised it.
  event_name text not null,
  severity smallint not null,
  container_ids text[] not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  primary key (cid, alert_id)
);
create index container_alert_by_time on container_alert (cid, last_seen, alert_id);

create table drift_indicator (
  cid text not null,
  indicator_id text not null,
  occurred_at timestamptz not null,
  severity smallint not null,
  cloud_name text not null,
  command_line text not null,
  container_id text not null,
  file_name text not null,
  file_sha256 text not null,
  host_id text not null,
  indicator_process_id text not null,
  namespace text not null,
  parent_process_id text not null,
  pod_name text not null,
  prevented boolean not null,
  scheduler_name text not null,
  worker_node_name text not null,
  facts jsonb not null,
  primary key (cid, indicator_id)
);
create index drift_indicator_by_time on drift_indicator (cid, occurred_at, indicator_id);
`,
  },
  {
    name: '0011_export',
    sql: `-- Inventories that were sent in, and exports.

-- Of an image whose inventory a client sent in nobody has read a byte here: its content is that tenant's own word, kept
-- apart from what was read, so that it neither stands in for nor overwrites what others push under the same digest.
alter table image add column claimed boolean not null default false;
-- What the image's content is kept under.
alter table image add column content_digest text not null
  generated always as (case when claimed then 'claimed:' || cid || ':' || digest else digest end) stored;
create index image_by_content on image (content_digest);

-- Files with all records of a kind. How far one is, its job says.
create table export (
  cid text not null,
  export_id uuid not null,
  job_id uuid not null,
  resource text not null,
  -- csv, json
  format text not null,
  filter text not null,
  sort text not null,
  expand_vulnerabilities boolean not null,
  actor text not null,
  created_at timestamptz not null,
  -- Set with the file: how many records and bytes it has.
  finished_at timestamptz,
  records bigint,
  bytes bigint,
  -- When the file was taken away.
  deleted_at timestamptz,
  primary key (cid, export_id),
  unique (cid, job_id)
);
create index export_by_time on export (cid, created_at, export_id);
create index export_by_age on export (created_at);
`,
  },
  {
    name: '0012_exclusion_use',
    sql: `-- What exclusions covered, and the VEX documents that exclusions were made from.

-- A row once an exclusion covered something in a verdict that was asked for.
create table exclusion_use (
  cid text not null,
  exclusion_id uuid not null,
  first_matched_at timestamptz not null,
  last_matched_at timestamptz not null,
  primary key (cid, exclusion_id)
);

-- VEX documents that were taken, each in its newest version.
create table vex_document (
  cid text not null,
  -- Made from document_id, which may be longer than an index takes.
  document_uuid uuid not null,
  document_id text not null,
  -- openvex, cyclonedx, csaf
  format text not null,
  version text not null,
  author text not null,
  -- When its author made this version.
  stated_at timestamptz,
  imported_at timestamptz not null,
  imported_by text not null,
  primary key (cid, document_uuid)
);

-- What they say of vulnerabilities in products that the account has: the newest word on each counts.
create table vex_statement (
  cid text not null,
  document_uuid uuid not null,
  -- Made from vulnerability, image and package.
  statement_uuid uuid not null,
  vulnerability text not null,
  -- {"digest": []} or {"registry": [], "repository": [], "tag": []}; null: in every image.
  image jsonb,
  -- Package URL; empty: every package.
  package text not null,
  -- not_affected, affected, fixed, under_investigation
  status text not null,
  stated_at timestamptz not null,
  primary key (cid, document_uuid, statement_uuid)
);
create index vex_statement_by_vulnerability on vex_statement (cid, vulnerability);
`,
  },
  {
    name: '0013_fix_known_since',
    sql: `-- Since when a fix is known here: what tells its age where no erratum dates it.
alter table finding add column fix_known_since timestamptz;
update finding set fix_known_since = first_found where cardinality(fixed_versions) > 0;
`,
  },
  {
    name: '0014_job_strikes',
    sql: `-- What ended the process that a run worked in, as a list of {"on", "reason"}: who did so twice is not tried again.
alter table job add column strikes jsonb not null default '[]';
`,
  },
  {
    name: '0015_running_counts',
    sql: `-- How many running containers have a vulnerability: kept as what images hold is, and brought up to date when it is asked for.

create table tenant_running (
  -- This row is locked by whoever brings the others up to date.
  cid text primary key,
  -- The last change_event that is counted.
  event_id bigint not null
);

-- How many containers run an image, or an index of several, with these package sets, as it is counted in the table below.
create table tenant_running_sets (
  cid text not null,
  -- The ids in ascending order, and made from them, as many may be more than an index takes.
  sets bigint[] not null,
  sets_digest text not null,
  containers integer not null,
  primary key (cid, sets_digest)
);

create table tenant_running_vulnerability (
  cid text not null,
  vulnerability_id text not null,
  containers integer not null,
  primary key (cid, vulnerability_id)
);

-- What runs, counted by image without reading a row of it.
create index container_running on container (cid, image_digest) where running;
`,
  },
  {
    name: '0016_running_packages',
    sql: `-- How many images that containers run have a package: kept as what images hold is, and brought up to date when it is asked for.

-- How many running images have a package set, as it is counted in the table below.
create table tenant_running_package_set (
  cid text not null,
  set_id bigint not null references package_set,
  images integer not null,
  primary key (cid, set_id)
);

create table tenant_running_package (
  cid text not null,
  package_id bigint not null,
  images integer not null,
  primary key (cid, package_id)
);

-- What runs is matched to the sets of images without reading a row of them: by the digest of the image, or of its index.
drop index image_by_digest;
create index image_by_digest on image (cid, digest) include (image_uuid, set_id, superseded_at);
create index image_current_by_index on image (cid, index_digest) include (image_uuid, set_id)
  where superseded_at is null and set_id is not null and index_digest <> '';
`,
  },
]
