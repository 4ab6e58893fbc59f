-- Tokens with which workers and sensors enrol, their settings and their audit trail, each tenant's own.
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
