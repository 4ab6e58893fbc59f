-- What all migrations together make, as the catalog tells it. Printed by `npm run generate`; run by nobody.

create table access_token (
  token_hash bytea not null,
  cid text not null,
  client_id text not null,
  issued_at timestamp with time zone not null default now(),
  expires_at timestamp with time zone not null,
  constraint access_token_client_id_fkey FOREIGN KEY (client_id) REFERENCES api_client(client_id),
  constraint access_token_pkey PRIMARY KEY (token_hash)
);
CREATE INDEX access_token_by_expiry ON public.access_token USING btree (expires_at);
CREATE INDEX access_token_of_client ON public.access_token USING btree (cid, client_id);

create table account (
  username text not null,
  cid text not null,
  role text not null,
  password_hash text not null,
  created_at timestamp with time zone not null default now(),
  disabled_at timestamp with time zone,
  constraint account_role_check CHECK ((role = ANY (ARRAY['administrator'::text, 'reader'::text]))),
  constraint account_cid_fkey FOREIGN KEY (cid) REFERENCES tenant(cid),
  constraint account_pkey PRIMARY KEY (username)
);
CREATE INDEX account_of_tenant ON public.account USING btree (cid, username);

create table advisory_state (
  singleton boolean not null,
  sequence bigint not null,
  revision text not null,
  changed_at timestamp with time zone not null,
  applied_sequence bigint not null,
  constraint advisory_state_singleton_check CHECK (singleton),
  constraint advisory_state_pkey PRIMARY KEY (singleton)
);

create table api_client (
  client_id text not null,
  cid text not null,
  name text not null,
  scopes text[] not null,
  secret_hash text not null,
  created_by text not null,
  created_at timestamp with time zone not null default now(),
  revoked_at timestamp with time zone,
  constraint api_client_cid_fkey FOREIGN KEY (cid) REFERENCES tenant(cid),
  constraint api_client_pkey PRIMARY KEY (client_id)
);
CREATE INDEX api_client_of_tenant ON public.api_client USING btree (cid, created_at, client_id);

create table assessment_history (
  cid text not null,
  history_id uuid not null,
  at timestamp with time zone not null,
  registry text not null,
  repository text not null,
  tag text not null,
  digest text not null,
  outcome text not null,
  constraint assessment_history_pkey PRIMARY KEY (cid, at, history_id)
);

create table assessment_profile (
  profile_id bigint not null generated always as identity,
  identity bytea not null,
  context_id bigint not null,
  package_types text[] not null,
  own_state text not null,
  empty boolean not null,
  state text not null,
  codes text[] not null,
  reason text not null,
  constraint assessment_profile_context_id_fkey FOREIGN KEY (context_id) REFERENCES matching_context(context_id),
  constraint assessment_profile_pkey PRIMARY KEY (profile_id),
  constraint assessment_profile_identity_key UNIQUE (identity)
);

create table audit_event (
  id uuid not null,
  cid text not null,
  at timestamp with time zone not null default now(),
  action text not null,
  actor text not null,
  subject text,
  outcome text not null,
  address text,
  details jsonb not null default '{}'::jsonb,
  constraint audit_event_outcome_check CHECK ((outcome = ANY (ARRAY['success'::text, 'refused'::text]))),
  constraint audit_event_pkey PRIMARY KEY (id)
);
CREATE INDEX audit_event_of_tenant ON public.audit_event USING btree (cid, at DESC, id DESC);

create table base_image (
  cid text not null,
  base_image_id uuid not null,
  registry text not null,
  repository text not null,
  tag text not null,
  digest text not null,
  image_id text not null,
  created_at timestamp with time zone not null,
  constraint base_image_pkey PRIMARY KEY (cid, base_image_id)
);
CREATE INDEX base_image_by_digest ON public.base_image USING btree (cid, digest);
CREATE UNIQUE INDEX base_image_once ON public.base_image USING btree (cid, registry, repository, tag, digest);

create table change_event (
  cid text not null,
  event_id bigint not null generated always as identity,
  at timestamp with time zone not null,
  kind text not null,
  vulnerability_id text not null,
  digest text not null,
  package text not null,
  before jsonb,
  after jsonb,
  constraint change_event_pkey PRIMARY KEY (cid, event_id, at)
) partition by RANGE (at);

create table change_event_rest partition of change_event DEFAULT;

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
  first_seen timestamp with time zone not null,
  last_seen timestamp with time zone not null,
  constraint container_pkey PRIMARY KEY (cid, cluster, container_id)
);
CREATE INDEX container_by_digest ON public.container USING btree (cid, image_digest);
CREATE INDEX container_running ON public.container USING btree (cid, image_digest) WHERE running;
CREATE INDEX container_seen ON public.container USING btree (cid, cluster, last_seen);

create table container_alert (
  cid text not null,
  alert_id text not null,
  name text not null,
  description text not null,
  event_name text not null,
  severity smallint not null,
  container_ids text[] not null,
  first_seen timestamp with time zone not null,
  last_seen timestamp with time zone not null,
  constraint container_alert_pkey PRIMARY KEY (cid, alert_id)
);
CREATE INDEX container_alert_by_time ON public.container_alert USING btree (cid, last_seen, alert_id);

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
  first_seen timestamp with time zone not null,
  last_seen timestamp with time zone not null,
  constraint detection_pkey PRIMARY KEY (digest, detection_id)
);
CREATE INDEX detection_by_name ON public.detection USING btree (name, digest);
CREATE INDEX detection_by_severity ON public.detection USING btree (severity, digest);

create table drift_indicator (
  cid text not null,
  indicator_id text not null,
  occurred_at timestamp with time zone not null,
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
  constraint drift_indicator_pkey PRIMARY KEY (cid, indicator_id)
);
CREATE INDEX drift_indicator_by_time ON public.drift_indicator USING btree (cid, occurred_at, indicator_id);

create table exclusion_use (
  cid text not null,
  exclusion_id uuid not null,
  first_matched_at timestamp with time zone not null,
  last_matched_at timestamp with time zone not null,
  constraint exclusion_use_pkey PRIMARY KEY (cid, exclusion_id)
);

create table export (
  cid text not null,
  export_id uuid not null,
  job_id uuid not null,
  resource text not null,
  format text not null,
  filter text not null,
  sort text not null,
  expand_vulnerabilities boolean not null,
  actor text not null,
  created_at timestamp with time zone not null,
  finished_at timestamp with time zone,
  records bigint,
  bytes bigint,
  deleted_at timestamp with time zone,
  constraint export_pkey PRIMARY KEY (cid, export_id),
  constraint export_cid_job_id_key UNIQUE (cid, job_id)
);
CREATE INDEX export_by_age ON public.export USING btree (created_at);
CREATE INDEX export_by_time ON public.export USING btree (cid, created_at, export_id);

create table finding (
  package_id bigint not null,
  vulnerability_id text not null,
  verdict text not null,
  severity smallint not null,
  cps_rating smallint not null,
  fix_state text not null,
  fixed_versions text[] not null,
  facts jsonb not null,
  facts_digest text not null,
  first_found timestamp with time zone not null,
  fix_known_since timestamp with time zone,
  constraint finding_package_id_fkey FOREIGN KEY (package_id) REFERENCES package(package_id) ON DELETE CASCADE,
  constraint finding_vulnerability_id_fkey FOREIGN KEY (vulnerability_id) REFERENCES vulnerability(vulnerability_id),
  constraint finding_pkey PRIMARY KEY (package_id, vulnerability_id)
);
CREATE INDEX finding_by_vulnerability ON public.finding USING btree (vulnerability_id, package_id);

create table image (
  cid text not null,
  image_uuid uuid not null,
  registry text not null,
  repository text not null,
  tag text not null,
  digest text not null,
  index_digest text not null,
  image_id text not null,
  architecture text not null,
  os text not null,
  variant text not null,
  source text not null,
  base_os text not null,
  base_os_version text not null,
  state text not null,
  state_reason text not null,
  size bigint not null,
  created timestamp with time zone,
  first_seen timestamp with time zone not null,
  last_seen timestamp with time zone not null,
  assessed_at timestamp with time zone,
  superseded_at timestamp with time zone,
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
  actor text not null default ''::text,
  claimed boolean not null default false,
  content_digest text not null generated always as (
CASE
    WHEN claimed THEN ((('claimed:'::text || cid) || ':'::text) || digest)
    ELSE digest
END) stored,
  constraint image_pkey PRIMARY KEY (cid, image_uuid),
  constraint image_cid_registry_repository_tag_digest_key UNIQUE (cid, registry, repository, tag, digest)
) with (fillfactor=85);
CREATE INDEX image_by_architecture ON public.image USING btree (cid, architecture, image_uuid);
CREATE INDEX image_by_content ON public.image USING btree (content_digest);
CREATE INDEX image_by_detection_severity ON public.image USING btree (cid, highest_detection_severity, image_uuid);
CREATE INDEX image_by_digest ON public.image USING btree (cid, digest) INCLUDE (image_uuid, set_id, superseded_at);
CREATE INDEX image_by_first_seen ON public.image USING btree (cid, first_seen, image_uuid);
CREATE INDEX image_by_image_id ON public.image USING btree (cid, image_id);
CREATE INDEX image_by_index_digest ON public.image USING btree (cid, index_digest, image_uuid);
CREATE INDEX image_by_last_seen ON public.image USING btree (cid, last_seen, image_uuid);
CREATE INDEX image_by_multi_arch ON public.image USING btree (cid, ((index_digest <> ''::text)), image_uuid);
CREATE INDEX image_by_name ON public.image USING btree (cid, repository, tag, registry);
CREATE INDEX image_by_registry ON public.image USING btree (cid, registry, image_uuid);
CREATE INDEX image_by_set ON public.image USING btree (cid, set_id);
CREATE INDEX image_by_severity ON public.image USING btree (cid, highest_severity, image_uuid);
CREATE INDEX image_by_source ON public.image USING btree (cid, source, image_uuid);
CREATE INDEX image_by_tag ON public.image USING btree (cid, tag, image_uuid);
CREATE INDEX image_current_by_index ON public.image USING btree (cid, index_digest) INCLUDE (image_uuid, set_id) WHERE ((superseded_at IS NULL) AND (set_id IS NOT NULL) AND (index_digest <> ''::text));
CREATE INDEX image_current_by_set ON public.image USING btree (cid, set_id) WHERE ((superseded_at IS NULL) AND (set_id IS NOT NULL));

create table image_content (
  digest text not null,
  config_digest text not null,
  architecture text not null,
  os text not null,
  variant text,
  size bigint not null,
  created timestamp with time zone,
  base_os text not null,
  base_os_version text not null,
  profile_id bigint,
  set_id bigint,
  unread_reasons jsonb not null,
  facts jsonb not null,
  manifest text not null,
  config text not null,
  inventory bytea,
  package_layers smallint[] not null,
  layers_with_vulnerabilities integer not null default 0,
  extractor_revision text not null,
  read_at timestamp with time zone not null,
  constraint image_content_profile_id_fkey FOREIGN KEY (profile_id) REFERENCES assessment_profile(profile_id),
  constraint image_content_set_id_fkey FOREIGN KEY (set_id) REFERENCES package_set(set_id),
  constraint image_content_pkey PRIMARY KEY (digest)
);
CREATE INDEX image_content_by_profile ON public.image_content USING btree (profile_id);
CREATE INDEX image_content_by_set ON public.image_content USING btree (set_id);

create table image_layer (
  digest text not null,
  layer_index smallint not null,
  layer_digest text not null,
  chain_id bytea not null,
  constraint image_layer_pkey PRIMARY KEY (digest, layer_index)
);
CREATE INDEX image_layer_by_chain ON public.image_layer USING btree (chain_id);
CREATE INDEX image_layer_by_layer ON public.image_layer USING btree (layer_digest);

create table installation_audit (
  cid text not null,
  event_id text not null,
  token_id text not null,
  action text not null,
  actor text not null,
  description text not null,
  at timestamp with time zone not null,
  constraint installation_audit_pkey PRIMARY KEY (cid, event_id)
);
CREATE INDEX installation_audit_by_time ON public.installation_audit USING btree (cid, at, event_id);

create table installation_setting (
  cid text not null,
  tokens_required boolean not null,
  max_active_tokens bigint,
  constraint installation_setting_pkey PRIMARY KEY (cid)
);

create table installation_token (
  cid text not null,
  token_id text not null,
  label text not null,
  type text not null,
  sealed_value text not null,
  value_hash text not null,
  created_at timestamp with time zone not null,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint installation_token_pkey PRIMARY KEY (cid, token_id),
  constraint installation_token_value_hash_key UNIQUE (value_hash)
);
CREATE INDEX installation_token_by_created ON public.installation_token USING btree (cid, created_at, token_id);

create table job (
  id uuid not null,
  turn uuid not null,
  cid text not null,
  name text not null,
  key text not null,
  priority smallint not null,
  resource text not null,
  state smallint not null,
  not_before timestamp with time zone,
  attempts smallint not null default 0,
  max_attempts smallint not null,
  payload jsonb not null,
  progress jsonb,
  error text,
  cancel_requested boolean not null default false,
  enqueued_at timestamp with time zone not null default now(),
  started_at timestamp with time zone,
  worker uuid,
  lease_until timestamp with time zone,
  next_id uuid,
  next_payload jsonb,
  next_priority smallint,
  next_not_before timestamp with time zone,
  strikes jsonb not null default '[]'::jsonb,
  constraint job_pkey PRIMARY KEY (id)
) with (autovacuum_analyze_scale_factor=0.05, autovacuum_vacuum_cost_delay=0, autovacuum_vacuum_scale_factor=0.02, fillfactor=80);
CREATE INDEX job_delayed ON public.job USING btree (not_before) WHERE (state = 1);
CREATE UNIQUE INDEX job_live ON public.job USING btree (cid, name, key);
CREATE UNIQUE INDEX job_next ON public.job USING btree (next_id) WHERE (next_id IS NOT NULL);
CREATE INDEX job_of_tenant ON public.job USING btree (cid, id);
CREATE INDEX job_ready ON public.job USING btree (priority, cid, resource, turn) WHERE (state = 0);
CREATE INDEX job_running ON public.job USING btree (worker) WHERE (state = 2);

create table job_history (
  cid text not null,
  id uuid not null,
  name text not null,
  key text not null,
  priority smallint not null,
  resource text not null,
  outcome text not null,
  attempts smallint not null,
  payload jsonb not null,
  progress jsonb,
  error text,
  enqueued_at timestamp with time zone not null,
  started_at timestamp with time zone,
  finished_at timestamp with time zone not null default now(),
  constraint job_history_pkey PRIMARY KEY (cid, id)
);
CREATE INDEX job_history_by_day ON public.job_history USING btree (finished_at);

create table job_resource (
  cid text not null,
  resource text not null,
  at_most integer,
  blocked_until timestamp with time zone,
  constraint job_resource_pkey PRIMARY KEY (cid, resource)
);

create table job_schedule (
  schedule text not null,
  slot timestamp with time zone not null,
  constraint job_schedule_pkey PRIMARY KEY (schedule)
);

create table layer (
  blob_digest text not null,
  diff_id text not null,
  size bigint not null,
  inflated_size bigint not null,
  entries integer not null,
  read_at timestamp with time zone not null,
  constraint layer_pkey PRIMARY KEY (blob_digest)
);

create table manifest (
  cid text not null,
  repository text not null,
  digest text not null,
  media_type text not null,
  size integer not null,
  content bytea not null,
  subject text,
  artifact_type text,
  annotations jsonb,
  pushed_at timestamp with time zone not null,
  constraint manifest_pkey PRIMARY KEY (cid, repository, digest)
);
CREATE INDEX manifest_by_subject ON public.manifest USING btree (cid, repository, subject, digest) WHERE (subject IS NOT NULL);

create table manifest_blob (
  cid text not null,
  repository text not null,
  manifest text not null,
  blob text not null,
  constraint manifest_blob_pkey PRIMARY KEY (cid, repository, manifest, blob)
);
CREATE INDEX manifest_blob_by_blob ON public.manifest_blob USING btree (cid, repository, blob);

create table matching_context (
  context_id bigint not null generated always as identity,
  identity bytea not null,
  distribution jsonb,
  repository_cpes text[] not null,
  constraint matching_context_pkey PRIMARY KEY (context_id),
  constraint matching_context_identity_key UNIQUE (identity)
);

create table migration (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default now(),
  constraint migration_pkey PRIMARY KEY (name)
);

create table package (
  package_id bigint not null generated always as identity,
  identity bytea not null,
  context_id bigint not null,
  type text not null,
  name text not null,
  version text not null,
  purl text not null,
  licenses text[] not null,
  facts jsonb not null,
  first_seen timestamp with time zone not null,
  vulnerabilities integer not null default 0,
  highest_severity smallint not null default 0,
  ai_related boolean not null default false,
  constraint package_context_id_fkey FOREIGN KEY (context_id) REFERENCES matching_context(context_id),
  constraint package_pkey PRIMARY KEY (package_id),
  constraint package_identity_key UNIQUE (identity)
);
CREATE INDEX package_ai_related ON public.package USING btree (package_id) WHERE ai_related;
CREATE INDEX package_by_name ON public.package USING btree (name, version);
CREATE INDEX package_by_name_version ON public.package USING btree ((((name || ' '::text) || version)));

create table package_name (
  name text not null,
  package_id bigint not null,
  constraint package_name_package_id_fkey FOREIGN KEY (package_id) REFERENCES package(package_id) ON DELETE CASCADE,
  constraint package_name_pkey PRIMARY KEY (name, package_id)
);

create table package_set (
  set_id bigint not null generated always as identity,
  identity bytea not null,
  packages integer not null,
  vulnerable_packages integer not null default 0,
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
  findings_revision bigint not null default 0,
  dirty boolean not null default false,
  ai_related boolean not null default false,
  ai_vulnerabilities integer not null default 0,
  cps_ratings smallint not null default 0,
  constraint package_set_pkey PRIMARY KEY (set_id),
  constraint package_set_identity_key UNIQUE (identity)
);
CREATE INDEX package_set_ai_related ON public.package_set USING btree (set_id) WHERE ai_related;
CREATE INDEX package_set_dirty ON public.package_set USING btree (set_id) WHERE dirty;

create table package_set_member (
  set_id bigint not null,
  package_id bigint not null,
  position integer not null,
  suppressed boolean not null,
  constraint package_set_member_package_id_fkey FOREIGN KEY (package_id) REFERENCES package(package_id),
  constraint package_set_member_set_id_fkey FOREIGN KEY (set_id) REFERENCES package_set(set_id) ON DELETE CASCADE,
  constraint package_set_member_pkey PRIMARY KEY (set_id, package_id)
);
CREATE INDEX package_set_member_by_package ON public.package_set_member USING btree (package_id, set_id) INCLUDE (suppressed);

create table policy (
  cid text not null,
  policy_id uuid not null,
  name text not null,
  description text not null,
  is_enabled boolean not null,
  precedence integer not null,
  rules jsonb not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint policy_pkey PRIMARY KEY (cid, policy_id),
  constraint policy_cid_name_key UNIQUE (cid, name)
);

create table policy_audit (
  cid text not null,
  audit_id uuid not null,
  at timestamp with time zone not null,
  actor text not null,
  action text not null,
  subject text not null,
  before jsonb,
  after jsonb,
  constraint policy_audit_pkey PRIMARY KEY (cid, audit_id)
);
CREATE INDEX policy_audit_by_time ON public.policy_audit USING btree (cid, at DESC, audit_id);

create table policy_exclusions (
  cid text not null,
  conditions jsonb not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint policy_exclusions_pkey PRIMARY KEY (cid)
);

create table policy_group (
  cid text not null,
  group_id uuid not null,
  policy_id uuid,
  name text not null,
  description text not null,
  conditions jsonb not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint policy_group_pkey PRIMARY KEY (cid, group_id),
  constraint policy_group_cid_name_key UNIQUE (cid, name)
);
CREATE INDEX policy_group_by_policy ON public.policy_group USING btree (cid, policy_id);

create table policy_revision (
  cid text not null,
  revision bigint not null,
  constraint policy_revision_pkey PRIMARY KEY (cid)
);

create table registry_connection (
  cid text not null,
  registry_id uuid not null,
  type text not null,
  url text not null,
  url_uniqueness_alias text not null,
  user_defined_alias text not null,
  state text not null,
  state_changed_at timestamp with time zone not null,
  created_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  last_refreshed_at timestamp with time zone,
  next_refresh_at timestamp with time zone,
  refresh_interval integer not null,
  credential_id uuid not null,
  sealed_credential text not null,
  shown_credential jsonb not null,
  credential_created_at timestamp with time zone not null,
  credential_updated_at timestamp with time zone not null,
  credential_expired_at timestamp with time zone,
  constraint registry_connection_pkey PRIMARY KEY (cid, registry_id),
  constraint registry_connection_cid_url_url_uniqueness_alias_key UNIQUE (cid, url, url_uniqueness_alias)
);

create table repository (
  cid text not null,
  name text not null,
  created_at timestamp with time zone not null,
  constraint repository_pkey PRIMARY KEY (cid, name)
);

create table repository_blob (
  cid text not null,
  repository text not null,
  digest text not null,
  size bigint not null,
  touched_at timestamp with time zone not null,
  constraint repository_blob_pkey PRIMARY KEY (cid, repository, digest)
);
CREATE INDEX repository_blob_by_digest ON public.repository_blob USING btree (cid, digest);
CREATE INDEX repository_blob_by_touch ON public.repository_blob USING btree (cid, touched_at);

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
  detected_at timestamp with time zone not null,
  host_id text not null,
  host_type text not null,
  image_id text not null,
  name text not null,
  namespace text not null,
  pod_name text not null,
  severity smallint not null,
  facts jsonb not null,
  constraint runtime_detection_pkey PRIMARY KEY (cid, detection_id)
);
CREATE INDEX runtime_detection_by_container ON public.runtime_detection USING btree (cid, container_id);
CREATE INDEX runtime_detection_by_time ON public.runtime_detection USING btree (cid, detected_at, detection_id);

create table storage_usage (
  cid text not null,
  bytes bigint not null,
  constraint storage_usage_pkey PRIMARY KEY (cid)
);

create table stored_blob (
  digest text not null,
  size bigint not null,
  links integer not null default 0,
  holds integer not null default 0,
  touched_at timestamp with time zone not null,
  constraint stored_blob_pkey PRIMARY KEY (digest)
);
CREATE INDEX stored_blob_unused ON public.stored_blob USING btree (touched_at) WHERE (links = 0);

create table tag (
  cid text not null,
  repository text not null,
  name text not null,
  digest text not null,
  updated_at timestamp with time zone not null,
  constraint tag_pkey PRIMARY KEY (cid, repository, name)
);
CREATE INDEX tag_by_digest ON public.tag USING btree (cid, repository, digest);

create table tenant (
  cid text not null,
  name text not null,
  created_at timestamp with time zone not null default now(),
  constraint tenant_pkey PRIMARY KEY (cid)
);

create table tenant_holding (
  cid text not null,
  event_id bigint not null,
  constraint tenant_holding_pkey PRIMARY KEY (cid)
);

create table tenant_package (
  cid text not null,
  package_id bigint not null,
  images integer not null,
  constraint tenant_package_pkey PRIMARY KEY (cid, package_id)
);

create table tenant_package_set (
  cid text not null,
  set_id bigint not null,
  images integer not null,
  constraint tenant_package_set_set_id_fkey FOREIGN KEY (set_id) REFERENCES package_set(set_id),
  constraint tenant_package_set_pkey PRIMARY KEY (cid, set_id)
);

create table tenant_running (
  cid text not null,
  event_id bigint not null,
  constraint tenant_running_pkey PRIMARY KEY (cid)
);

create table tenant_running_package (
  cid text not null,
  package_id bigint not null,
  images integer not null,
  constraint tenant_running_package_pkey PRIMARY KEY (cid, package_id)
);

create table tenant_running_package_set (
  cid text not null,
  set_id bigint not null,
  images integer not null,
  constraint tenant_running_package_set_set_id_fkey FOREIGN KEY (set_id) REFERENCES package_set(set_id),
  constraint tenant_running_package_set_pkey PRIMARY KEY (cid, set_id)
);

create table tenant_running_sets (
  cid text not null,
  sets bigint[] not null,
  sets_digest text not null,
  containers integer not null,
  constraint tenant_running_sets_pkey PRIMARY KEY (cid, sets_digest)
);

create table tenant_running_vulnerability (
  cid text not null,
  vulnerability_id text not null,
  containers integer not null,
  constraint tenant_running_vulnerability_pkey PRIMARY KEY (cid, vulnerability_id)
);

create table tenant_vulnerability (
  cid text not null,
  vulnerability_id text not null,
  images integer not null,
  constraint tenant_vulnerability_pkey PRIMARY KEY (cid, vulnerability_id)
);

create table upload (
  cid text not null,
  id uuid not null,
  repository text not null,
  bytes bigint not null default 0,
  started_at timestamp with time zone not null,
  updated_at timestamp with time zone not null,
  constraint upload_pkey PRIMARY KEY (cid, id)
);
CREATE INDEX upload_by_update ON public.upload USING btree (updated_at);

create table vex_document (
  cid text not null,
  document_uuid uuid not null,
  document_id text not null,
  format text not null,
  version text not null,
  author text not null,
  stated_at timestamp with time zone,
  imported_at timestamp with time zone not null,
  imported_by text not null,
  constraint vex_document_pkey PRIMARY KEY (cid, document_uuid)
);

create table vex_statement (
  cid text not null,
  document_uuid uuid not null,
  statement_uuid uuid not null,
  vulnerability text not null,
  image jsonb,
  package text not null,
  status text not null,
  stated_at timestamp with time zone not null,
  constraint vex_statement_pkey PRIMARY KEY (cid, document_uuid, statement_uuid)
);
CREATE INDEX vex_statement_by_vulnerability ON public.vex_statement USING btree (cid, vulnerability);

create table vulnerability (
  vulnerability_id text not null,
  severity smallint not null,
  cvss_score real,
  cvss_vector text,
  cps_rating smallint not null,
  epss real,
  exploited boolean not null,
  published timestamp with time zone,
  title text,
  description text,
  malicious boolean not null default false,
  facts jsonb not null,
  first_found timestamp with time zone not null,
  constraint vulnerability_pkey PRIMARY KEY (vulnerability_id)
);
