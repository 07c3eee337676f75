-- Files that hold old payments, and how far back this database still has all of them. Expands only.

create table archives (
  file_name text primary key not null,
  changed_before bigint not null,
  state text not null,
  is_open bigint unique,
  holder text not null,
  held_until bigint not null,
  payments bigint not null default 0,
  digest text,
  started_at bigint not null,
  ended_at bigint
);

create table payment_horizon (
  only_row bigint primary key not null,
  complete_since bigint not null
);

insert into payment_horizon (only_row, complete_since) values (1, 0);
