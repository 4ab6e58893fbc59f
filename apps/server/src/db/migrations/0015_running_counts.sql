-- How many running containers have a vulnerability: kept as what images hold is, and brought up to date when it is asked for.

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
