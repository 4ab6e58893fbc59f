-- Image assessment policies of a tenant. The default policy is built in and has no row.
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
