-- Root keys, while one is replaced by another: whether a gateway encrypts with it, what is kept of it to look up and compare what was
-- stored under it, and when nothing was left under it. Expands only.

create table root_keys (
  key_id text primary key not null,
  first_used_at bigint not null,
  former_encrypted text,
  retired_at bigint
);
