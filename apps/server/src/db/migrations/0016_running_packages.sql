-- How many images that containers run have a package: kept as what images hold is, and brought up to date when it is asked for.

-- How many running images have a package set, as it is counted in the table below.
create table tenant_running_package_set (
  cid text not null,
  set_id bigint not null references package_set,
  images integer not null,
  primary key (cid, set_id)
);

create table tenant_running_package (
  cid text not null,
  package_id bigint not null,
  images integer not null,
  primary key (cid, package_id)
);

-- What runs is matched to the sets of images without reading a row of them: by the digest of the image, or of its index.
drop index image_by_digest;
create index image_by_digest on image (cid, digest) include (image_uuid, set_id, superseded_at);
create index image_current_by_index on image (cid, index_digest) include (image_uuid, set_id)
  where superseded_at is null and set_id is not null and index_digest <> '';
