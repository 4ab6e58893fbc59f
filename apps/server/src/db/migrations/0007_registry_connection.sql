-- Registries that a tenant connected. A credential is sealed; what of it is no secret stands beside it.
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
