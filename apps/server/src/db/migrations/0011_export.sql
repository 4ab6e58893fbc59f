-- Inventories that were sent in, and exports.

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
