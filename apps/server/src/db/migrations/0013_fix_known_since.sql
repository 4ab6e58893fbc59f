-- Since when a fix is known here: what tells its age where no erratum dates it.
alter table finding add column fix_known_since timestamptz;
update finding set fix_known_since = first_found where cardinality(fixed_versions) > 0;
