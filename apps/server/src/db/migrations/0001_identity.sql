-- Customers. Every other row that belongs to one carries its cid.
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
  -- `<id of the server key>.<HMAC-SHA-256 of the secret, base64url>`: the secret itself is nowhere.
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
