-- What is still to be done. A finished job leaves this table and a line in job_history in the same transaction, so the
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
