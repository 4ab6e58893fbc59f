-- What ended the process that a run worked in, as a list of {"on", "reason"}: who did so twice is not tried again.
alter table job add column strikes jsonb not null default '[]';
