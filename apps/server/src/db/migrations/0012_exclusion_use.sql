-- What exclusions covered, and the VEX documents that exclusions were made from.

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
