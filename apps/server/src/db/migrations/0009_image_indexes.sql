-- Pages of images in every order that lists offer: each of these is read from one end and stops when the page is full.
create index image_by_detection_severity on image (cid, highest_detection_severity, image_uuid);
create index image_by_registry on image (cid, registry, image_uuid);
create index image_by_tag on image (cid, tag, image_uuid);
create index image_by_architecture on image (cid, architecture, image_uuid);
create index image_by_source on image (cid, source, image_uuid);
create index image_by_index_digest on image (cid, index_digest, image_uuid);
create index image_by_multi_arch on image (cid, (index_digest <> ''), image_uuid);
-- Only its own images have an index; the one above finds them, too.
drop index image_by_index;

-- Stopped containers count beside running ones.
create index container_by_digest on container (cid, image_digest);
drop index container_by_image;

create index detection_by_name on detection (name, digest);
create index detection_by_severity on detection (severity, digest);
