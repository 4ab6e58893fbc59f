-- What lists, counts and filters of images are made of beside the images themselves.

-- Which layers an image has, and what lies below each: an image is based on another when it has that one's last chain id.
create table image_layer (
  -- Of the platform's manifest.
  digest text not null,
  layer_index smallint not null,
  -- Of the blob as stored.
  layer_digest text not null,
  -- The OCI chain ID of the layer on top of those below it, without its algorithm.
  chain_id bytea not null,
  primary key (digest, layer_index)
);
insert into image_layer (digest, layer_index, layer_digest, chain_id)
with recursive given as (
  select image_content.digest, (place - 1)::smallint as layer_index, layer ->> 'digest' as layer_digest,
    layer ->> 'diffId' as diff_id
  from image_content
  cross join lateral jsonb_array_elements(facts -> 'layers') with ordinality as listed (layer, place)
), chained as (
  select digest, layer_index, layer_digest, diff_id as chain from given where layer_index = 0
  union all
  select given.digest, given.layer_index, given.layer_digest,
    'sha256:' || encode(sha256(convert_to(chained.chain || ' ' || given.diff_id, 'UTF8')), 'hex')
  from chained join given on given.digest = chained.digest and given.layer_index = chained.layer_index + 1
)
select digest, layer_index, layer_digest, decode(split_part(chain, ':', 2), 'hex') from chained;
create index image_layer_by_layer on image_layer (layer_digest);
create index image_layer_by_chain on image_layer (chain_id);

-- Machine learning software, by name.
alter table package add column ai_related boolean not null default false;
create index package_ai_related on package (package_id) where ai_related;
-- As `openssl 3.0.11`.
create index package_by_name_version on package ((name || ' ' || version));

alter table package_set add column ai_related boolean not null default false;
alter table package_set add column ai_vulnerabilities integer not null default 0;
-- Bit r is set where a finding that counts has the CPS rating r.
alter table package_set add column cps_ratings smallint not null default 0;
create index package_set_ai_related on package_set (set_id) where ai_related;

-- Who brought the image here, as the audit trail names people.
alter table image add column actor text not null default '';

create unique index base_image_once on base_image (cid, registry, repository, tag, digest);
create index base_image_by_digest on base_image (cid, digest);

-- Every assessment of an image under a name, append-only.
create table assessment_history (
  cid text not null,
  history_id uuid not null,
  at timestamptz not null,
  registry text not null,
  repository text not null,
  tag text not null,
  digest text not null,
  -- assessed, partially, or why not: image_pull, image_push, missing_config, unsupported_schema_version, no_advisories
  outcome text not null,
  primary key (cid, at, history_id)
);
