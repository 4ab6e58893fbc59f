-- What was pushed. Bytes of blobs lie in the blob store and are shared; everything that says who has them carries the cid.
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
