-- What lists of packages and vulnerabilities are made of, and what is told of running containers.

-- Lists look from a package or a finding up to the sets, and suppressed members never count there.
drop index package_set_member_by_package;
create index package_set_member_by_package on package_set_member (package_id, set_id) include (suppressed);

-- The images that lists are about, by what they hold: counted without reading a row of them.
create index image_current_by_set on image (cid, set_id) where superseded_at is null and set_id is not null;

-- What the current images of a tenant hold, counted. The rows of one tenant are brought up to date before a list is read:
-- by the sets whose number of images changed, and by the vulnerabilities that change_event names.
create table tenant_holding (
  -- This row is locked by whoever brings the others up to date.
  cid text primary key,
  -- The last change_event that is counted.
  event_id bigint not null
);

-- How many images have a set, as it is counted in the two tables below.
create table tenant_package_set (
  cid text not null,
  set_id bigint not null references package_set,
  images integer not null,
  primary key (cid, set_id)
);

-- How many images have a package, suppressed members left out.
create table tenant_package (
  cid text not null,
  package_id bigint not null,
  images integer not null,
  primary key (cid, package_id)
);

-- How many images have a vulnerability.
create table tenant_vulnerability (
  cid text not null,
  vulnerability_id text not null,
  images integer not null,
  primary key (cid, vulnerability_id)
);

create index container_seen on container (cid, cluster, last_seen);

-- What sensors told of running containers. Members of an answer that nothing is filtered by are in `facts`.
create table runtime_detection (
  cid text not null,
  detection_id text not null,
  agent_type text not null,
  aid text not null,
  cloud text not null,
  cloud_name text not null,
  cluster_name text not null,
  computer_name text not null,
  container_id text not null,
  detected_at timestamptz not null,
  host_id text not null,
  host_type text not null,
  image_id text not null,
  name text not null,
  namespace text not null,
  pod_name text not null,
  severity smallint not null,
  facts jsonb not null,
  primary key (cid, detection_id)
);
create index runtime_detection_by_time on runtime_detection (cid, detected_at, detection_id);
create index runtime_detection_by_container on runtime_detection (cid, container_id);

create table container_alert (
  cid text not null,
  alert_id text not null,
  name text not null,
  description text not null,
  -- Of the event that raised it.
  event_name text not null,
  severity smallint not null,
  container_ids text[] not null,
  first_seen timestamptz not null,
  last_seen timestamptz not null,
  primary key (cid, alert_id)
);
create index container_alert_by_time on container_alert (cid, last_seen, alert_id);

create table drift_indicator (
  cid text not null,
  indicator_id text not null,
  occurred_at timestamptz not null,
  severity smallint not null,
  cloud_name text not null,
  command_line text not null,
  container_id text not null,
  file_name text not null,
  file_sha256 text not null,
  host_id text not null,
  indicator_process_id text not null,
  namespace text not null,
  parent_process_id text not null,
  pod_name text not null,
  prevented boolean not null,
  scheduler_name text not null,
  worker_node_name text not null,
  facts jsonb not null,
  primary key (cid, indicator_id)
);
create index drift_indicator_by_time on drift_indicator (cid, occurred_at, indicator_id);
